package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// DeleteCollectionAction deletes the objects of a collection.
type DeleteCollectionAction interface {
	Action
	GetListRestrictions() ListRestrictions
}

// DeleteCollectionActionImpl implements DeleteCollectionAction.
type DeleteCollectionActionImpl struct {
	ActionImpl
	ListRestrictions ListRestrictions
	DeleteOptions    metav1.DeleteOptions
	ListOptions      metav1.ListOptions
}

// NewDeleteCollectionAction returns an action without options for the deletions. It panics if opts are no metav1.ListOptions.
func NewDeleteCollectionAction(resource schema.GroupVersionResource, namespace string, opts interface{}) DeleteCollectionActionImpl {
	return NewDeleteCollectionActionWithOptions(resource, namespace, metav1.DeleteOptions{}, listOptions(opts))
}

// NewDeleteCollectionActionWithOptions returns an action that deletes what listOpts select. It panics if a selector cannot be
// parsed.
func NewDeleteCollectionActionWithOptions(resource schema.GroupVersionResource, namespace string, deleteOpts metav1.DeleteOptions, listOpts metav1.ListOptions) DeleteCollectionActionImpl {
	return DeleteCollectionActionImpl{
		ActionImpl:       newAction("delete-collection", resource, "", namespace),
		ListRestrictions: restrictionsOf(listOpts),
		DeleteOptions:    deleteOpts,
		ListOptions:      listOpts,
	}
}

// NewRootDeleteCollectionAction is NewDeleteCollectionAction for a resource of the cluster.
func NewRootDeleteCollectionAction(resource schema.GroupVersionResource, opts interface{}) DeleteCollectionActionImpl {
	return NewDeleteCollectionAction(resource, "", opts)
}

// NewRootDeleteCollectionActionWithOptions is NewDeleteCollectionActionWithOptions for a resource of the cluster.
func NewRootDeleteCollectionActionWithOptions(resource schema.GroupVersionResource, deleteOpts metav1.DeleteOptions, listOpts metav1.ListOptions) DeleteCollectionActionImpl {
	return NewDeleteCollectionActionWithOptions(resource, "", deleteOpts, listOpts)
}

// GetListRestrictions implements DeleteCollectionAction.
func (a DeleteCollectionActionImpl) GetListRestrictions() ListRestrictions { return a.ListRestrictions }

// GetDeleteOptions returns the options of each deletion.
func (a DeleteCollectionActionImpl) GetDeleteOptions() metav1.DeleteOptions { return a.DeleteOptions }

// GetListOptions returns the options that select the objects.
func (a DeleteCollectionActionImpl) GetListOptions() metav1.ListOptions { return a.ListOptions }

// DeepCopy implements Action.
func (a DeleteCollectionActionImpl) DeepCopy() Action {
	a.DeleteOptions = *a.DeleteOptions.DeepCopy()
	a.ListOptions = *a.ListOptions.DeepCopy()
	return a
}
