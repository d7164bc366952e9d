package testing

import (
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Add implements ObjectTracker. Both trackers leave the object as it is. The error is AlreadyExists if there is one of its
// name.
func (t *tracker) Add(obj runtime.Object) error {
	if meta.IsListType(obj) {
		return t.addList(obj)
	}
	object, err := objectOf(obj)
	if err != nil {
		return err
	}
	kinds, err := t.kindsOf(obj)
	if err != nil {
		return err
	}
	for _, gvk := range kinds {
		gvr, _ := meta.UnsafeGuessKindToResource(gvk)
		if err := t.addTo(gvr, object); err != nil {
			return err
		}
	}
	return nil
}

// AddAs is t.Add for a resource that may have another name than the one that is guessed from the kind. A tracker that is
// not of this package is asked to create the object.
func AddAs(t ObjectTracker, gvr schema.GroupVersionResource, obj runtime.Object) error {
	object, err := objectOf(obj)
	if err != nil {
		return err
	}
	if own, ok := t.(*tracker); ok {
		return own.addTo(gvr, object)
	}
	return t.Create(gvr, obj, object.GetNamespace())
}

func (t *tracker) addTo(gvr schema.GroupVersionResource, object apiobject.Object) error {
	key := keyOf(gvr, object.GetNamespace(), object.GetName())
	_, err := t.store.Keep(key, func(current apiobject.Object) (apiobject.Object, error) {
		if current != nil {
			return nil, apierrors.NewAlreadyExists(gvr.GroupResource(), object.GetName())
		}
		return apiobject.Copy(object), nil
	})
	if err != nil {
		return err
	}
	t.watches.tell(key.Resource)
	return nil
}

func (t *tracker) addList(list runtime.Object) error {
	items, err := meta.ExtractList(list)
	if err != nil {
		return err
	}
	if t.decoder != nil {
		if err := errors.Join(runtime.DecodeList(items, t.decoder)...); err != nil {
			return err
		}
	}
	for _, item := range items {
		if err := t.Add(item); err != nil {
			return err
		}
	}
	return nil
}

// kindsOf returns the kinds that an object has in the scheme. The metadata of an object are of the kind that they say.
func (t *tracker) kindsOf(obj runtime.Object) ([]schema.GroupVersionKind, error) {
	if _, ok := obj.(*metav1.PartialObjectMetadata); ok {
		if gvk := obj.GetObjectKind().GroupVersionKind(); !gvk.Empty() {
			return []schema.GroupVersionKind{gvk}, nil
		}
	}
	kinds, _, err := t.scheme.ObjectKinds(obj)
	if err != nil {
		return nil, fmt.Errorf("adding a %T: %w", obj, err)
	}
	return kinds, nil
}
