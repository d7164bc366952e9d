package testing

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ListAction reads a collection.
type ListAction interface {
	Action
	GetListRestrictions() ListRestrictions
}

// ListRestrictions say which objects of a collection are meant. Selectors are immutable, and shared by copies of an action.
type ListRestrictions struct {
	Labels labels.Selector
	Fields fields.Selector
}

// ListActionImpl implements ListAction.
type ListActionImpl struct {
	ActionImpl
	// Kind is that of the objects, not of the list.
	Kind             schema.GroupVersionKind
	Name             string
	ListRestrictions ListRestrictions
	ListOptions      metav1.ListOptions
}

// NewListAction is NewListActionWithOptions with the selectors of opts only, as is NewRootListAction. It panics if opts are no
// metav1.ListOptions.
func NewListAction(resource schema.GroupVersionResource, kind schema.GroupVersionKind, namespace string, opts interface{}) ListActionImpl {
	selectors := metav1.ListOptions{LabelSelector: listOptions(opts).LabelSelector, FieldSelector: listOptions(opts).FieldSelector}
	return NewListActionWithOptions(resource, kind, namespace, selectors)
}

// NewListActionWithOptions returns an action that lists objects of a kind. It panics if a selector cannot be parsed.
func NewListActionWithOptions(resource schema.GroupVersionResource, kind schema.GroupVersionKind, namespace string, opts metav1.ListOptions) ListActionImpl {
	return ListActionImpl{
		ActionImpl:       newAction("list", resource, "", namespace),
		Kind:             kind,
		ListRestrictions: restrictionsOf(opts),
		ListOptions:      opts,
	}
}

// NewRootListAction is NewListAction for a resource of the cluster.
func NewRootListAction(resource schema.GroupVersionResource, kind schema.GroupVersionKind, opts interface{}) ListActionImpl {
	return NewListAction(resource, kind, "", opts)
}

// NewRootListActionWithOptions is NewRootListAction: tests compare what the one makes with what the other does.
func NewRootListActionWithOptions(resource schema.GroupVersionResource, kind schema.GroupVersionKind, opts metav1.ListOptions) ListActionImpl {
	return NewRootListAction(resource, kind, opts)
}

// GetKind returns the kind of the objects.
func (a ListActionImpl) GetKind() schema.GroupVersionKind { return a.Kind }

// GetListRestrictions implements ListAction.
func (a ListActionImpl) GetListRestrictions() ListRestrictions { return a.ListRestrictions }

// GetListOptions returns the options of the call.
func (a ListActionImpl) GetListOptions() metav1.ListOptions { return a.ListOptions }

// DeepCopy implements Action.
func (a ListActionImpl) DeepCopy() Action {
	a.ListOptions = *a.ListOptions.DeepCopy()
	return a
}

// ExtractFromListOptions returns what opts, which must be metav1.ListOptions, select; selectors that are not set select
// everything. It panics if opts are of another type, or a selector cannot be parsed: see ParseListOptions for input that is
// not the test's own.
func ExtractFromListOptions(opts interface{}) (labelSelector labels.Selector, fieldSelector fields.Selector, resourceVersion string) {
	options := listOptions(opts)
	restrictions := restrictionsOf(options)
	return restrictions.Labels, restrictions.Fields, options.ResourceVersion
}

// ParseListOptions returns what opts select. The error is that of the API server for selectors that cannot be parsed.
func ParseListOptions(opts metav1.ListOptions) (ListRestrictions, error) {
	byLabels, err := labels.Parse(opts.LabelSelector)
	if err != nil {
		return ListRestrictions{}, badRequest("invalid label selector %q: %v", opts.LabelSelector, err)
	}
	byFields, err := fields.ParseSelector(opts.FieldSelector)
	if err != nil {
		return ListRestrictions{}, badRequest("invalid field selector %q: %v", opts.FieldSelector, err)
	}
	return ListRestrictions{Labels: byLabels, Fields: byFields}, nil
}

func restrictionsOf(opts metav1.ListOptions) ListRestrictions {
	restrictions, err := ParseListOptions(opts)
	if err != nil {
		panic(err)
	}
	return restrictions
}

func listOptions(opts interface{}) metav1.ListOptions {
	options, ok := opts.(metav1.ListOptions)
	if !ok {
		panic(fmt.Sprintf("options are a %T: use metav1.ListOptions", opts))
	}
	return options
}
