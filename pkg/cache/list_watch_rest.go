package cache

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/rest"
)

// Getter begins a GET request; a rest.RESTClient does.
type Getter interface {
	Get() *rest.Request
}

// NewListWatchFromClient returns a ListWatch of a resource, in one namespace or in all (""), for the objects that match
// fieldSelector.
func NewListWatchFromClient(c Getter, resource string, namespace string, fieldSelector fields.Selector) *ListWatch {
	return NewFilteredListWatchFromClient(c, resource, namespace, func(options *metav1.ListOptions) {
		options.FieldSelector = fieldSelector.String()
	})
}

// NewFilteredListWatchFromClient returns a ListWatch of a resource, in one namespace or in all (""), whose requests are
// made with options that optionsModifier has changed.
func NewFilteredListWatchFromClient(c Getter, resource string, namespace string, optionsModifier func(options *metav1.ListOptions)) *ListWatch {
	get := func(options metav1.ListOptions) *rest.Request {
		optionsModifier(&options)
		return c.Get().Namespace(namespace).Resource(resource).VersionedParams(&options, metav1.ParameterCodec)
	}
	listObjects := func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		return get(options).Do(ctx).Get()
	}
	watchObjects := func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
		options.Watch = true
		return get(options).Watch(ctx)
	}
	return &ListWatch{
		ListWithContextFunc:  listObjects,
		WatchFuncWithContext: watchObjects,
		ListFunc: func(options metav1.ListOptions) (runtime.Object, error) {
			return listObjects(context.Background(), options)
		},
		WatchFunc: func(options metav1.ListOptions) (watch.Interface, error) {
			return watchObjects(context.Background(), options)
		},
	}
}
