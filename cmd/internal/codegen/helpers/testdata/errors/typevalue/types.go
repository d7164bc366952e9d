package typevalue

// +k8s:deepcopy-gen=yes
type A struct{}
