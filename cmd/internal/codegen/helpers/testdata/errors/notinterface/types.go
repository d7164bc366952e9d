package notinterface

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.TypeMeta
type First struct{}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.RawExtension
type Second struct{}

type Fine struct{}
