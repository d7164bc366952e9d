package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GetAction reads an object, or a subresource of it.
type GetAction interface {
	Action
	GetName() string
}

// GetActionImpl implements GetAction.
type GetActionImpl struct {
	ActionImpl
	Name       string
	GetOptions metav1.GetOptions
}

// NewGetAction returns an action without options.
func NewGetAction(resource schema.GroupVersionResource, namespace, name string) GetActionImpl {
	return NewGetActionWithOptions(resource, namespace, name, metav1.GetOptions{})
}

// NewGetActionWithOptions returns an action that reads an object.
func NewGetActionWithOptions(resource schema.GroupVersionResource, namespace, name string, opts metav1.GetOptions) GetActionImpl {
	return NewGetSubresourceActionWithOptions(resource, namespace, "", name, opts)
}

// NewGetSubresourceAction returns an action without options.
func NewGetSubresourceAction(resource schema.GroupVersionResource, namespace, subresource, name string) GetActionImpl {
	return NewGetSubresourceActionWithOptions(resource, namespace, subresource, name, metav1.GetOptions{})
}

// NewGetSubresourceActionWithOptions returns an action that reads a subresource.
func NewGetSubresourceActionWithOptions(resource schema.GroupVersionResource, namespace, subresource, name string, opts metav1.GetOptions) GetActionImpl {
	return GetActionImpl{ActionImpl: newAction("get", resource, subresource, namespace), Name: name, GetOptions: opts}
}

// NewRootGetAction is NewGetAction for a resource of the cluster.
func NewRootGetAction(resource schema.GroupVersionResource, name string) GetActionImpl {
	return NewGetAction(resource, "", name)
}

// NewRootGetActionWithOptions is NewGetActionWithOptions for a resource of the cluster.
func NewRootGetActionWithOptions(resource schema.GroupVersionResource, name string, opts metav1.GetOptions) GetActionImpl {
	return NewGetActionWithOptions(resource, "", name, opts)
}

// NewRootGetSubresourceAction is NewGetSubresourceAction for a resource of the cluster.
func NewRootGetSubresourceAction(resource schema.GroupVersionResource, subresource, name string) GetActionImpl {
	return NewGetSubresourceAction(resource, "", subresource, name)
}

// NewRootGetSubresourceActionWithOptions is NewGetSubresourceActionWithOptions for a resource of the cluster.
func NewRootGetSubresourceActionWithOptions(resource schema.GroupVersionResource, subresource, name string, opts metav1.GetOptions) GetActionImpl {
	return NewGetSubresourceActionWithOptions(resource, "", subresource, name, opts)
}

// GetName implements GetAction.
func (a GetActionImpl) GetName() string { return a.Name }

// GetGetOptions returns the options of the call.
func (a GetActionImpl) GetGetOptions() metav1.GetOptions { return a.GetOptions }

// DeepCopy implements Action.
func (a GetActionImpl) DeepCopy() Action {
	a.GetOptions = *a.GetOptions.DeepCopy()
	return a
}
