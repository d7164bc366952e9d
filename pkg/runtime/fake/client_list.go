package fake

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/testing"
)

// FakeClientWithList is a FakeClient that also handles collections: L is a pointer to the Go type of the list.
type FakeClientWithList[T objectWithMeta, L runtime.Object] struct {
	*FakeClient[T]
	collection[T, L]
}

// NewFakeClientWithList returns the client of a resource as NewFakeClient does. newList returns an empty list,
// copyListMeta copies the metadata of a list into the first argument from the second, items and setItems read and replace the
// objects of a list.
func NewFakeClientWithList[T objectWithMeta, L runtime.Object](
	fake *testing.Fake, namespace string, resource schema.GroupVersionResource, kind schema.GroupVersionKind, newObject func() T,
	newList func() L, copyListMeta func(L, L), items func(L) []T, setItems func(L, []T),
) *FakeClientWithList[T, L] {
	c := NewFakeClient(fake, namespace, resource, kind, newObject)
	return &FakeClientWithList[T, L]{FakeClient: c, collection: collection[T, L]{c, newList, copyListMeta, items, setItems}}
}

// collection holds the verbs on all objects of a resource. It is embedded, so that clients with and without apply
// configurations share it.
type collection[T objectWithMeta, L runtime.Object] struct {
	client       *FakeClient[T]
	newList      func() L
	copyListMeta func(L, L)
	items        func(L) []T
	setItems     func(L, []T)
}

// List returns the objects that opts selects. Those of a list that a reactor answers are selected by labels, as such a
// reactor seldom looks at options.
func (c collection[T, L]) List(ctx context.Context, opts metav1.ListOptions) (L, error) {
	answer, err := ListAs(ctx, c.client, c.newList(), "", "", opts)
	if err != nil {
		return answer, err
	}
	selector, _, _ := testing.ExtractFromListOptions(opts) // which ListAs has looked at
	var selected []T
	for _, item := range c.items(answer) {
		if selector.Matches(labels.Set(item.GetLabels())) {
			selected = append(selected, item)
		}
	}
	list := c.newList()
	c.copyListMeta(list, answer)
	c.setItems(list, selected)
	return list, nil
}

// DeleteCollection deletes the objects that listOpts selects, each as opts says.
func (c collection[T, L]) DeleteCollection(_ context.Context, opts metav1.DeleteOptions, listOpts metav1.ListOptions) error {
	if _, err := testing.ParseListOptions(listOpts); err != nil {
		return err
	}
	t := c.client.target
	action := testing.NewDeleteCollectionActionWithOptions(t.resource, t.namespace, opts, listOpts)
	_, err := invoke(t, action, c.newList())
	return err
}

// ToPointerSlice returns pointers to copies of the items of a list.
func ToPointerSlice[T any](src []T) []*T {
	if src == nil {
		return nil
	}
	pointers := make([]*T, len(src))
	for i := range src {
		pointers[i] = new(src[i])
	}
	return pointers
}

// FromPointerSlice returns what the pointers point to. None may be nil.
func FromPointerSlice[T any](src []*T) []T {
	if src == nil {
		return nil
	}
	items := make([]T, len(src))
	for i, item := range src {
		items[i] = *item
	}
	return items
}
