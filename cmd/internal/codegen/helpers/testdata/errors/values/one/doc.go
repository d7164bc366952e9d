// +k8s:deepcopy-gen=one
package one

type A struct{}
