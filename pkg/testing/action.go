package testing

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Action is a call of a client: what it wants done, to what. The types below add what belongs to one verb; a reaction finds
// out which by a type assertion.
//
// Actions are values. What they refer to (objects, options) is shared by copies but for DeepCopy.
type Action interface {
	// GetNamespace is empty for resources of the cluster, and for calls that are about all namespaces.
	GetNamespace() string
	// GetVerb is one of create, delete, delete-collection, get, list, patch, update and watch, or of the test's own making.
	GetVerb() string
	GetResource() schema.GroupVersionResource
	// GetSubresource is empty for the resource itself. More than one are joined by slashes.
	GetSubresource() string
	// Matches reports whether the action is of a verb and of a resource. "pods" stands for pods and all subresources of
	// them, "pods/status" for that one only.
	Matches(verb, resource string) bool

	// DeepCopy returns an action that shares nothing with this one. Reactors are given such copies, and so is the log of
	// actions.
	DeepCopy() Action
}

// ActionImpl is what all actions have in common.
type ActionImpl struct {
	Namespace   string
	Verb        string
	Resource    schema.GroupVersionResource
	Subresource string
}

// newAction is for the constructors of this package.
func newAction(verb string, resource schema.GroupVersionResource, subresource, namespace string) ActionImpl {
	return ActionImpl{Namespace: namespace, Verb: verb, Resource: resource, Subresource: subresource}
}

// GetNamespace implements Action.
func (a ActionImpl) GetNamespace() string { return a.Namespace }

// GetVerb implements Action.
func (a ActionImpl) GetVerb() string { return a.Verb }

// GetResource implements Action.
func (a ActionImpl) GetResource() schema.GroupVersionResource { return a.Resource }

// GetSubresource implements Action.
func (a ActionImpl) GetSubresource() string { return a.Subresource }

// Matches implements Action. There is no wildcard, neither for the verb nor for the resource.
func (a ActionImpl) Matches(verb, resource string) bool {
	return verb == a.Verb && about(a, resource)
}

// DeepCopy implements Action.
func (a ActionImpl) DeepCopy() Action { return a }

// about reports whether an action is about a resource, as "pods", or a subresource, as "pods/status".
func about(a Action, resource string) bool {
	resource, subresource, one := strings.Cut(resource, "/")
	return resource == a.GetResource().Resource && (!one || subresource == a.GetSubresource())
}

// GenericAction is an action of a verb that is none of the API's.
type GenericAction interface {
	Action
	GetValue() interface{}
}

// GenericActionImpl is an action with any value.
type GenericActionImpl struct {
	ActionImpl
	Value interface{}
}

// GetValue returns the value itself.
func (a GenericActionImpl) GetValue() interface{} { return a.Value }

// DeepCopy implements Action. A value that is no API object is shared by the copies.
func (a GenericActionImpl) DeepCopy() Action {
	if object, ok := a.Value.(runtime.Object); ok {
		a.Value = copyObject(object)
	}
	return a
}

// copyObject returns a copy of an object that may be nil.
func copyObject(object runtime.Object) runtime.Object {
	if object == nil {
		return nil
	}
	return object.DeepCopyObject()
}
