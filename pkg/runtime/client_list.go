package runtime

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/redact"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ClientWithList is a Client that also handles collections: L is a pointer to
// the Go type of the list, for example *corev1.ConfigMapList.
type ClientWithList[T objectWithMeta, L runtime.Object] struct {
	*Client[T]
	collection[L]
}

// NewClientWithList returns the client of the named resource as NewClient does.
// newList returns an empty list for the client to decode into.
func NewClientWithList[T objectWithMeta, L runtime.Object](
	resourceName string, client rest.Interface, parameterCodec runtime.ParameterCodec, namespace string, newObject func() T,
	newList func() L, options ...Option[T],
) *ClientWithList[T, L] {
	c := NewClient(resourceName, client, parameterCodec, namespace, newObject, options...)
	return &ClientWithList[T, L]{Client: c, collection: collection[L]{resource: &c.resource, newList: newList}}
}

// collection holds the verbs on all objects of a resource. It is embedded, so
// that clients with and without apply configurations share it.
type collection[L runtime.Object] struct {
	resource *resource
	newList  func() L
}

// List returns the objects that opts selects: all of them, or one page if
// opts.Limit is set, with a continue token for the next in the list's metadata.
func (c collection[L]) List(ctx context.Context, opts metav1.ListOptions) (L, error) {
	return into(ctx, c.resource.list(opts), c.newList())
}

// EachItem lists as List does, and calls each for every object while the answer
// still arrives, so that the list as such is never in memory. It returns what
// the list says about itself. Objects are of the client's type, and the
// receiver's own. An error of each ends the list and is returned as it is; with
// any other error, what each was given may be any part of the list. See
// rest.Request.EachItem.
func (c collection[L]) EachItem(ctx context.Context, opts metav1.ListOptions, each func(rest.ListItem) error) (metav1.ListMeta, error) {
	list := c.newList()
	if err := c.resource.list(opts).EachItem(ctx, list, each); err != nil {
		return metav1.ListMeta{}, err
	}
	return listMeta(list)
}

// acceptMetadata asks for the metadata of the objects of a list only. A server
// that does not know that answers with the objects.
const acceptMetadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"

// ListMetadata lists as List does, but only the metadata of the objects, which
// the server sends without the rest.
func (c collection[L]) ListMetadata(ctx context.Context, opts metav1.ListOptions) (*metav1.PartialObjectMetadataList, error) {
	data, err := c.resource.list(opts).SetHeader("Accept", acceptMetadata).DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	list := &metav1.PartialObjectMetadataList{}
	if err := json.UnmarshalCaseSensitivePreserveInts(data, list); err != nil {
		return nil, fmt.Errorf("the answer is no list of metadata: %w", redact.ValueError(err))
	}
	if list.Items == nil && !strings.HasSuffix(list.Kind, "List") { // it would mean that there is nothing
		return nil, fmt.Errorf("the answer is no list of metadata, but of kind %.100q", list.Kind)
	}
	return list, nil
}

// listMeta returns the metadata of a list of any type.
func listMeta(list runtime.Object) (metav1.ListMeta, error) {
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return metav1.ListMeta{}, err
	}
	if m, ok := accessor.(*metav1.ListMeta); ok {
		return *m, nil
	}
	return metav1.ListMeta{
		ResourceVersion:    accessor.GetResourceVersion(),
		Continue:           accessor.GetContinue(),
		RemainingItemCount: accessor.GetRemainingItemCount(),
	}, nil
}

// DeleteCollection deletes the objects that listOpts selects, each as opts says.
func (c collection[L]) DeleteCollection(ctx context.Context, opts metav1.DeleteOptions, listOpts metav1.ListOptions) error {
	return c.resource.deleteCollection(opts, listOpts).Do(ctx).Error()
}
