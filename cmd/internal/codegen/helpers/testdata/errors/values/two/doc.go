// +k8s:deepcopy-gen=two
package two

type A struct{}
