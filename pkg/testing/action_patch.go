package testing

import (
	"bytes"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// PatchAction changes an object, or what a subresource shows of it, as a patch says. Server-side apply is one of the types.
type PatchAction interface {
	Action
	GetName() string
	GetPatchType() types.PatchType
	GetPatch() []byte
}

// PatchActionImpl implements PatchAction.
type PatchActionImpl struct {
	ActionImpl
	Name         string
	PatchType    types.PatchType
	Patch        []byte
	PatchOptions metav1.PatchOptions
}

// NewPatchAction returns an action without options.
func NewPatchAction(resource schema.GroupVersionResource, namespace string, name string, pt types.PatchType, patch []byte) PatchActionImpl {
	return NewPatchActionWithOptions(resource, namespace, name, pt, patch, metav1.PatchOptions{})
}

// NewPatchActionWithOptions returns an action that patches an object.
func NewPatchActionWithOptions(resource schema.GroupVersionResource, namespace string, name string, pt types.PatchType, patch []byte, opts metav1.PatchOptions) PatchActionImpl {
	return NewPatchSubresourceActionWithOptions(resource, namespace, name, pt, patch, opts)
}

// NewPatchSubresourceAction returns an action without options.
func NewPatchSubresourceAction(resource schema.GroupVersionResource, namespace, name string, pt types.PatchType, patch []byte, subresources ...string) PatchActionImpl {
	return NewPatchSubresourceActionWithOptions(resource, namespace, name, pt, patch, metav1.PatchOptions{}, subresources...)
}

// NewPatchSubresourceActionWithOptions returns an action that patches a subresource, whose parts are joined by slashes; the
// object itself if there are none.
func NewPatchSubresourceActionWithOptions(resource schema.GroupVersionResource, namespace, name string, pt types.PatchType, patch []byte, opts metav1.PatchOptions, subresources ...string) PatchActionImpl {
	return PatchActionImpl{
		ActionImpl:   newAction("patch", resource, strings.Join(subresources, "/"), namespace),
		Name:         name,
		PatchType:    pt,
		Patch:        patch,
		PatchOptions: opts,
	}
}

// NewRootPatchAction is NewPatchAction for a resource of the cluster.
func NewRootPatchAction(resource schema.GroupVersionResource, name string, pt types.PatchType, patch []byte) PatchActionImpl {
	return NewPatchAction(resource, "", name, pt, patch)
}

// NewRootPatchActionWithOptions is NewPatchActionWithOptions for a resource of the cluster.
func NewRootPatchActionWithOptions(resource schema.GroupVersionResource, name string, pt types.PatchType, patch []byte, opts metav1.PatchOptions) PatchActionImpl {
	return NewPatchActionWithOptions(resource, "", name, pt, patch, opts)
}

// NewRootPatchSubresourceAction is NewPatchSubresourceAction for a resource of the cluster.
func NewRootPatchSubresourceAction(resource schema.GroupVersionResource, name string, pt types.PatchType, patch []byte, subresources ...string) PatchActionImpl {
	return NewPatchSubresourceAction(resource, "", name, pt, patch, subresources...)
}

// NewRootPatchSubresourceActionWithOptions is NewPatchSubresourceActionWithOptions for a resource of the cluster.
func NewRootPatchSubresourceActionWithOptions(resource schema.GroupVersionResource, name string, pt types.PatchType, patch []byte, opts metav1.PatchOptions, subresources ...string) PatchActionImpl {
	return NewPatchSubresourceActionWithOptions(resource, "", name, pt, patch, opts, subresources...)
}

// GetName implements PatchAction.
func (a PatchActionImpl) GetName() string { return a.Name }

// GetPatchType implements PatchAction.
func (a PatchActionImpl) GetPatchType() types.PatchType { return a.PatchType }

// GetPatch implements PatchAction.
func (a PatchActionImpl) GetPatch() []byte { return a.Patch }

// GetPatchOptions returns the options of the call.
func (a PatchActionImpl) GetPatchOptions() metav1.PatchOptions { return a.PatchOptions }

// DeepCopy implements Action.
func (a PatchActionImpl) DeepCopy() Action {
	a.Patch = bytes.Clone(a.Patch)
	a.PatchOptions = *a.PatchOptions.DeepCopy()
	return a
}
