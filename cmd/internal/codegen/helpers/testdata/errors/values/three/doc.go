// +k8s:deepcopy-gen=package
package three

type A struct{}
