// Package clientcmd turns kubeconfig files into a rest.Config.
//
//	file(s) ── load ──▶ api.Config, merged ── context, overrides ──▶ cluster, user ── validate ──▶ rest.Config
//	         (load.go, wire.go, rules.go)      (direct.go, merge.go)            (validate.go)   (restconfig.go)
//
// Most programs need BuildConfigFromFlags, or RESTConfigFromKubeConfig for bytes. Tools that follow kubectl's rules use
//
//	rules := clientcmd.NewDefaultClientConfigLoadingRules() // $KUBECONFIG or ~/.kube/config
//	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{}).ClientConfig()
//
// An error names the file, the entry in it and the cure; all that is wrong with a context is told at once. Credential
// plugins (exec, auth-provider) can be loaded but are not supported by this version yet: using one is an error.
package clientcmd
