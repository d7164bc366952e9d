package interfaces

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Objct
type A struct{}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtme.Object
type B struct{}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.TypeMeta
type C struct{}

// +k8s:deepcopy-gen:interfaces=Object
type D struct{}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
// +k8s:deepcopy-gen:nonpointer-interfaces=maybe
type E struct{}
