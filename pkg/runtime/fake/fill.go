package fake

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/testing"
)

// Fill adds objects to the tracker of a clientset, as ObjectTracker.Add does. Those of kinds in resources are added to the
// resource that the clientset has for the kind, which is not always the one that the tracker would guess.
//
// It is for constructors that have no error to return: it panics at an object that cannot be added.
func Fill(tracker testing.ObjectTracker, scheme runtime.ObjectTyper, resources map[schema.GroupVersionKind]schema.GroupVersionResource, objects ...runtime.Object) {
	for _, object := range objects {
		if err := add(tracker, scheme, resources, object); err != nil {
			panic(fmt.Errorf("a %T cannot be added to the fake clientset: %w", object, err))
		}
	}
}

func add(tracker testing.ObjectTracker, scheme runtime.ObjectTyper, resources map[schema.GroupVersionKind]schema.GroupVersionResource, object runtime.Object) error {
	if meta.IsListType(object) {
		return meta.EachListItem(object, func(item runtime.Object) error { return add(tracker, scheme, resources, item) })
	}
	kinds, _, err := scheme.ObjectKinds(object)
	if err != nil {
		return tracker.Add(object) // which knows what is decoded later, and metadata
	}
	for _, kind := range kinds {
		if resource, known := resources[kind]; known {
			return testing.AddAs(tracker, resource, object)
		}
	}
	return tracker.Add(object)
}
