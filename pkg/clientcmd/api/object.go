package api

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// GetObjectKind lets a Config be a runtime.Object.
func (obj *Config) GetObjectKind() schema.ObjectKind { return obj }

// SetGroupVersionKind implements schema.ObjectKind.
func (obj *Config) SetGroupVersionKind(gvk schema.GroupVersionKind) {
	obj.APIVersion, obj.Kind = gvk.ToAPIVersionAndKind()
}

// GroupVersionKind implements schema.ObjectKind.
func (obj *Config) GroupVersionKind() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(obj.APIVersion, obj.Kind)
}

// redactedObject stands for an object that is not printed.
//
// +k8s:deepcopy-gen=false
type redactedObject struct{}

func (redactedObject) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }
func (o redactedObject) DeepCopyObject() runtime.Object { return o }
func (redactedObject) String() string                   { return redact.Marker }
