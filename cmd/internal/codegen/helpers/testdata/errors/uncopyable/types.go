package uncopyable

// +k8s:deepcopy-gen=true
type private struct{}

// +k8s:deepcopy-gen=true
type Interface interface{ M() }
