package cache

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// metadataLister is a client that can list the metadata of objects without the rest. Generated clients can.
type metadataLister interface {
	ListMetadata(ctx context.Context, options metav1.ListOptions) (*metav1.PartialObjectMetadataList, error)
}

// auditSource is what an audit of an informer compares with: the metadata of what its ListerWatcher lists.
func auditSource(lw ListerWatcherWithContext) reflector.AuditSource {
	if lister, ok := lw.(metadataLister); ok {
		return reflector.MetadataLister(lister.ListMetadata)
	}
	return reflector.MetadataLister(func(ctx context.Context, options metav1.ListOptions) (*metav1.PartialObjectMetadataList, error) {
		list, err := lw.ListWithContext(ctx, options)
		if err != nil {
			return nil, err
		}
		return metadataOf(list)
	})
}

// metadataOf takes the identities of objects out of a list.
func metadataOf(list runtime.Object) (*metav1.PartialObjectMetadataList, error) {
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return nil, err
	}
	result := &metav1.PartialObjectMetadataList{ListMeta: metav1.ListMeta{
		ResourceVersion: accessor.GetResourceVersion(),
		Continue:        accessor.GetContinue(),
	}}
	err = meta.EachListItem(list, func(object runtime.Object) error {
		o, err := meta.Accessor(object)
		if err != nil {
			return err
		}
		result.Items = append(result.Items, metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
			Namespace: o.GetNamespace(), Name: o.GetName(), UID: o.GetUID(), ResourceVersion: o.GetResourceVersion(),
		}})
		return nil
	})
	return result, err
}
