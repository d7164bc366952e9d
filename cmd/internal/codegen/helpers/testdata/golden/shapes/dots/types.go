package dots

// +k8s:deepcopy-gen=true
type Dotted map[string][]string
