// Package v1 is a kubeconfig as it is written to a file: lists of named entries, where package api has maps.
//
//	YAML ◀── JSON tags ──▶ v1.Config ── defaults, conversions ──▶ api.Config
//
// Programs work with package api, and read and write files through package clientcmd. This package is for those that keep
// a kubeconfig in a format of their own.
//
// +k8s:deepcopy-gen=package
// +k8s:conversion-gen=github.com/kubewright/kubewright/pkg/clientcmd/api
// +k8s:defaulter-gen=Kind
package v1

//go:generate go tool deepcopy-gen --go-header-file /dev/null --output-file zz_generated.deepcopy.go .
//go:generate go tool conversion-gen --go-header-file /dev/null --output-file zz_generated.conversion.go .
//go:generate go tool defaulter-gen --go-header-file /dev/null --output-file zz_generated.defaults.go .
