// Package clientauthentication is the protocol between a client and a credential plugin (KEP-541): the client passes an
// ExecCredential with a spec in the environment variable KUBERNETES_EXEC_INFO, and the plugin prints one with a status.
//
//	client ── ExecCredential{spec} in KUBERNETES_EXEC_INFO ──▶ plugin
//	client ◀── ExecCredential{status} on standard output ───── plugin
//
// The types here are the internal version; v1 and v1beta1 are what is written. Package install registers all of them.
//
// +k8s:deepcopy-gen=package
// +groupName=client.authentication.k8s.io
package clientauthentication

//go:generate go tool deepcopy-gen --go-header-file /dev/null --output-file zz_generated.deepcopy.go .
