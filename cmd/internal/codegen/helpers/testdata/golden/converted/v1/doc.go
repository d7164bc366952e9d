// +k8s:deepcopy-gen=package
// +k8s:conversion-gen=github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/converted
// +k8s:defaulter-gen=TypeMeta
package v1
