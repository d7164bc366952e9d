// Package v1beta1 is version v1beta1 of the protocol between a client and a credential plugin, as it is written. It has the
// fields of v1, which is to be preferred.
//
// +k8s:deepcopy-gen=package
// +k8s:conversion-gen=github.com/kubewright/kubewright/pkg/apis/clientauthentication
// +k8s:defaulter-gen=TypeMeta
// +groupName=client.authentication.k8s.io
package v1beta1

//go:generate go tool deepcopy-gen --go-header-file /dev/null --output-file zz_generated.deepcopy.go .
//go:generate go tool conversion-gen --go-header-file /dev/null --output-file zz_generated.conversion.go .
//go:generate go tool defaulter-gen --go-header-file /dev/null --output-file zz_generated.defaults.go .
