package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// CreateAction creates an object, or posts one to a subresource.
type CreateAction interface {
	Action
	GetObject() runtime.Object
}

// CreateActionImpl implements CreateAction.
type CreateActionImpl struct {
	ActionImpl
	Name          string // of the object that the subresource is of; empty for the resource itself
	Object        runtime.Object
	CreateOptions metav1.CreateOptions
}

// NewCreateAction returns an action without options.
func NewCreateAction(resource schema.GroupVersionResource, namespace string, object runtime.Object) CreateActionImpl {
	return NewCreateActionWithOptions(resource, namespace, object, metav1.CreateOptions{})
}

// NewCreateActionWithOptions returns an action that creates an object.
func NewCreateActionWithOptions(resource schema.GroupVersionResource, namespace string, object runtime.Object, opts metav1.CreateOptions) CreateActionImpl {
	return NewCreateSubresourceActionWithOptions(resource, "", "", namespace, object, opts)
}

// NewCreateSubresourceAction returns an action without options.
func NewCreateSubresourceAction(resource schema.GroupVersionResource, name, subresource, namespace string, object runtime.Object) CreateActionImpl {
	return NewCreateSubresourceActionWithOptions(resource, name, subresource, namespace, object, metav1.CreateOptions{})
}

// NewCreateSubresourceActionWithOptions returns an action that posts an object to a subresource.
func NewCreateSubresourceActionWithOptions(resource schema.GroupVersionResource, name, subresource, namespace string, object runtime.Object, opts metav1.CreateOptions) CreateActionImpl {
	return CreateActionImpl{ActionImpl: newAction("create", resource, subresource, namespace), Name: name, Object: object, CreateOptions: opts}
}

// NewRootCreateAction is NewCreateAction for a resource of the cluster.
func NewRootCreateAction(resource schema.GroupVersionResource, object runtime.Object) CreateActionImpl {
	return NewCreateAction(resource, "", object)
}

// NewRootCreateActionWithOptions is NewCreateActionWithOptions for a resource of the cluster.
func NewRootCreateActionWithOptions(resource schema.GroupVersionResource, object runtime.Object, opts metav1.CreateOptions) CreateActionImpl {
	return NewCreateActionWithOptions(resource, "", object, opts)
}

// NewRootCreateSubresourceAction is NewCreateSubresourceAction for a resource of the cluster.
func NewRootCreateSubresourceAction(resource schema.GroupVersionResource, name, subresource string, object runtime.Object) CreateActionImpl {
	return NewCreateSubresourceAction(resource, name, subresource, "", object)
}

// NewRootCreateSubresourceActionWithOptions is NewCreateSubresourceActionWithOptions for a resource of the cluster.
func NewRootCreateSubresourceActionWithOptions(resource schema.GroupVersionResource, name, subresource string, object runtime.Object, opts metav1.CreateOptions) CreateActionImpl {
	return NewCreateSubresourceActionWithOptions(resource, name, subresource, "", object, opts)
}

// GetObject implements CreateAction.
func (a CreateActionImpl) GetObject() runtime.Object { return a.Object }

// GetCreateOptions returns the options of the call.
func (a CreateActionImpl) GetCreateOptions() metav1.CreateOptions { return a.CreateOptions }

// DeepCopy implements Action.
func (a CreateActionImpl) DeepCopy() Action {
	a.Object = copyObject(a.Object)
	a.CreateOptions = *a.CreateOptions.DeepCopy()
	return a
}
