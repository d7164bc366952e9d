package v1

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// SchemeGroupVersion is "v1" of no group: kubeconfigs are older than API groups.
var SchemeGroupVersion = schema.GroupVersion{Group: "", Version: "v1"}

// SchemeBuilder collects what AddToScheme does: the type Config, its defaults and its conversions to package api.
var SchemeBuilder = runtime.NewSchemeBuilder(addKnownTypes, RegisterDefaults)

// localSchemeBuilder is where the generated conversions add themselves.
var localSchemeBuilder = &SchemeBuilder

// AddToScheme teaches a scheme this version.
var AddToScheme = localSchemeBuilder.AddToScheme

func addKnownTypes(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(SchemeGroupVersion, &Config{})
	return nil
}

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
