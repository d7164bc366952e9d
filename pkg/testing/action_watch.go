package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// WatchAction watches a collection.
type WatchAction interface {
	Action
	GetWatchRestrictions() WatchRestrictions
}

// WatchRestrictions say which events are meant: of which objects, and from when on. Selectors are immutable, and shared by
// copies of an action.
type WatchRestrictions struct {
	Labels          labels.Selector
	Fields          fields.Selector
	ResourceVersion string
}

// WatchActionImpl implements WatchAction.
type WatchActionImpl struct {
	ActionImpl
	WatchRestrictions WatchRestrictions
	ListOptions       metav1.ListOptions
}

// NewWatchAction is NewWatchActionWithOptions. It panics if opts are no metav1.ListOptions.
func NewWatchAction(resource schema.GroupVersionResource, namespace string, opts interface{}) WatchActionImpl {
	return NewWatchActionWithOptions(resource, namespace, listOptions(opts))
}

// NewWatchActionWithOptions returns an action that watches. It panics if a selector cannot be parsed.
func NewWatchActionWithOptions(resource schema.GroupVersionResource, namespace string, opts metav1.ListOptions) WatchActionImpl {
	restrictions := restrictionsOf(opts)
	return WatchActionImpl{
		ActionImpl: newAction("watch", resource, "", namespace),
		WatchRestrictions: WatchRestrictions{
			Labels:          restrictions.Labels,
			Fields:          restrictions.Fields,
			ResourceVersion: opts.ResourceVersion,
		},
		ListOptions: opts,
	}
}

// NewRootWatchAction is NewWatchAction for a resource of the cluster.
func NewRootWatchAction(resource schema.GroupVersionResource, opts interface{}) WatchActionImpl {
	return NewWatchAction(resource, "", opts)
}

// NewRootWatchActionWithOptions is NewWatchActionWithOptions for a resource of the cluster.
func NewRootWatchActionWithOptions(resource schema.GroupVersionResource, opts metav1.ListOptions) WatchActionImpl {
	return NewWatchActionWithOptions(resource, "", opts)
}

// GetWatchRestrictions implements WatchAction.
func (a WatchActionImpl) GetWatchRestrictions() WatchRestrictions { return a.WatchRestrictions }

// GetListOptions returns the options of the call.
func (a WatchActionImpl) GetListOptions() metav1.ListOptions { return a.ListOptions }

// DeepCopy implements Action.
func (a WatchActionImpl) DeepCopy() Action {
	a.ListOptions = *a.ListOptions.DeepCopy()
	return a
}
