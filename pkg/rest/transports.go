package rest

import "github.com/kubewright/kubewright/pkg/transport"

// transports is where the clients of this process have their connections from, so that those with equal configurations share
// them, as they do in client-go: a clientset, a dynamic and a discovery client that are made from one Config, or a client for
// each request. The functions here that make a client have no argument for a pool. That a variable of the process does no
// harm is due to what a Pool is: it holds nothing that a client does not hold, it has no settings, and nobody can tell a shared
// connection from one of their own. Whoever wants a pool of their own passes its transport to RESTClientForConfigAndClient.
var transports transport.Pool
