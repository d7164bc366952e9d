package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// UpdateAction replaces an object, or what a subresource shows of it.
type UpdateAction interface {
	Action
	GetObject() runtime.Object
}

// UpdateActionImpl implements UpdateAction.
type UpdateActionImpl struct {
	ActionImpl
	Object        runtime.Object
	UpdateOptions metav1.UpdateOptions
}

// NewUpdateAction returns an action without options.
func NewUpdateAction(resource schema.GroupVersionResource, namespace string, object runtime.Object) UpdateActionImpl {
	return NewUpdateActionWithOptions(resource, namespace, object, metav1.UpdateOptions{})
}

// NewUpdateActionWithOptions returns an action that replaces an object.
func NewUpdateActionWithOptions(resource schema.GroupVersionResource, namespace string, object runtime.Object, opts metav1.UpdateOptions) UpdateActionImpl {
	return NewUpdateSubresourceActionWithOptions(resource, "", namespace, object, opts)
}

// NewUpdateSubresourceAction returns an action without options.
func NewUpdateSubresourceAction(resource schema.GroupVersionResource, subresource string, namespace string, object runtime.Object) UpdateActionImpl {
	return NewUpdateSubresourceActionWithOptions(resource, subresource, namespace, object, metav1.UpdateOptions{})
}

// NewUpdateSubresourceActionWithOptions returns an action that replaces what a subresource shows.
func NewUpdateSubresourceActionWithOptions(resource schema.GroupVersionResource, subresource string, namespace string, object runtime.Object, opts metav1.UpdateOptions) UpdateActionImpl {
	return UpdateActionImpl{ActionImpl: newAction("update", resource, subresource, namespace), Object: object, UpdateOptions: opts}
}

// NewRootUpdateAction is NewUpdateAction for a resource of the cluster.
func NewRootUpdateAction(resource schema.GroupVersionResource, object runtime.Object) UpdateActionImpl {
	return NewUpdateAction(resource, "", object)
}

// NewRootUpdateActionWithOptions is NewUpdateActionWithOptions for a resource of the cluster.
func NewRootUpdateActionWithOptions(resource schema.GroupVersionResource, object runtime.Object, opts metav1.UpdateOptions) UpdateActionImpl {
	return NewUpdateActionWithOptions(resource, "", object, opts)
}

// NewRootUpdateSubresourceAction is NewUpdateSubresourceAction for a resource of the cluster.
func NewRootUpdateSubresourceAction(resource schema.GroupVersionResource, subresource string, object runtime.Object) UpdateActionImpl {
	return NewUpdateSubresourceAction(resource, subresource, "", object)
}

// NewRootUpdateSubresourceActionWithOptions is NewUpdateSubresourceActionWithOptions for a resource of the cluster.
func NewRootUpdateSubresourceActionWithOptions(resource schema.GroupVersionResource, subresource string, object runtime.Object, opts metav1.UpdateOptions) UpdateActionImpl {
	return NewUpdateSubresourceActionWithOptions(resource, subresource, "", object, opts)
}

// GetObject implements UpdateAction.
func (a UpdateActionImpl) GetObject() runtime.Object { return a.Object }

// GetUpdateOptions returns the options of the call.
func (a UpdateActionImpl) GetUpdateOptions() metav1.UpdateOptions { return a.UpdateOptions }

// DeepCopy implements Action.
func (a UpdateActionImpl) DeepCopy() Action {
	a.Object = copyObject(a.Object)
	a.UpdateOptions = *a.UpdateOptions.DeepCopy()
	return a
}
