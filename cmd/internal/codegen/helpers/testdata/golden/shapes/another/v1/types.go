package v1

// +k8s:deepcopy-gen=true
type Thing struct {
	Values []string
}

type Untagged struct{ Values []string }
