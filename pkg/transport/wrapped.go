package transport

import (
	"net/http"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// wrapped is what the round trippers of this package have in common: one that they pass requests on to.
type wrapped struct {
	rt http.RoundTripper
}

// WrappedRoundTripper lets apimachinery's util/net find the transport inside.
func (w wrapped) WrappedRoundTripper() http.RoundTripper { return w.rt }

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport inside.
func (w wrapped) CloseIdleConnections() { utilnet.CloseIdleConnectionsFor(w.rt) }
