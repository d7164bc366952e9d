// Package api holds the data of a kubeconfig as Go values: clusters (where), users (who), and contexts that join one of
// each under a name.
//
//	kubeconfig file ── pkg/clientcmd ──▶ api.Config ── current context ──▶ rest.Config
//
// The maps are keyed by name; in a file they are lists, which are package api/v1's business. Values that hold
// credentials print them redacted with every verb of package fmt and through log/slog. Marshalling them as JSON or YAML
// does not redact: that is how a kubeconfig is written.
//
// +k8s:deepcopy-gen=package
package api

//go:generate go tool deepcopy-gen --go-header-file /dev/null --output-file zz_generated.deepcopy.go .
