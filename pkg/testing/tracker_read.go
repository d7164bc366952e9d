package testing

import (
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Get implements ObjectTracker.
func (t *tracker) Get(gvr schema.GroupVersionResource, ns, name string, _ ...metav1.GetOptions) (runtime.Object, error) {
	object, found := t.store.Get(keyOf(gvr, ns, name))
	if !found {
		return nil, apierrors.NewNotFound(gvr.GroupResource(), name)
	}
	return object.DeepCopyObject(), nil
}

// List implements ObjectTracker. The list has a resourceVersion from which a watch loses nothing. It is always of now, and
// whole: resourceVersion, limit and continue are not looked at.
func (t *tracker) List(gvr schema.GroupVersionResource, gvk schema.GroupVersionKind, ns string, opts ...metav1.ListOptions) (runtime.Object, error) {
	selects, err := selection(option(opts))
	if err != nil {
		return nil, err
	}
	list, err := t.newList(gvk)
	if err != nil {
		return nil, err
	}
	all, err := t.store.List(resourceOf(gvr), ns, 0)
	if err != nil {
		return nil, err
	}
	items := make([]runtime.Object, 0, len(all.Objects))
	for _, object := range all.Objects {
		if selects(object) {
			items = append(items, object.DeepCopyObject())
		}
	}
	if err := meta.SetList(list, items); err != nil {
		return nil, err
	}
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return nil, err
	}
	accessor.SetResourceVersion(t.version(all.Revision))
	return list, nil
}

func (t *tracker) newList(gvk schema.GroupVersionKind) (runtime.Object, error) {
	gvk.Kind += "List"
	list, err := t.scheme.New(gvk)
	if err != nil {
		return nil, err
	}
	if _, ok := list.(*unstructured.UnstructuredList); ok {
		list.GetObjectKind().SetGroupVersionKind(gvk)
	}
	return list, nil
}

// version is how a list and a bookmark tell a revision. Where objects have versions of the test's making, it begins with a
// zero, so that it is none of theirs, and nobody takes it for older or newer than one: resourceversion.CompareResourceVersion
// refuses it.
func (t *tracker) version(revision int64) string {
	text := strconv.FormatInt(revision, 10)
	if t.fields == nil {
		return "0" + text
	}
	return text
}

// selection returns a predicate that is true for the objects that opts select. Of fields only name and namespace are looked
// at, as every object has those.
func selection(opts metav1.ListOptions) (func(apiobject.Object) bool, error) {
	restrictions, err := ParseListOptions(opts)
	if err != nil {
		return nil, err
	}
	known := knownFields(restrictions.Fields)
	return func(o apiobject.Object) bool {
		return restrictions.Labels.Matches(labels.Set(o.GetLabels())) &&
			(known.Empty() || known.Matches(fields.Set{fieldName: o.GetName(), fieldNamespace: o.GetNamespace()}))
	}, nil
}

const (
	fieldName      = "metadata.name"
	fieldNamespace = "metadata.namespace"
)

// knownFields is the part of a selector that is about name and namespace.
func knownFields(all fields.Selector) fields.Selector {
	var known []fields.Selector
	for _, r := range all.Requirements() {
		if r.Field != fieldName && r.Field != fieldNamespace {
			continue
		}
		if r.Operator == "!=" {
			known = append(known, fields.OneTermNotEqualSelector(r.Field, r.Value))
		} else {
			known = append(known, fields.OneTermEqualSelector(r.Field, r.Value))
		}
	}
	return fields.AndSelectors(known...)
}
