package cache

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ListWatchClient is what an informer needs of a typed client. L is the list type. Every generated client of a resource
// that can be listed and watched has it.
type ListWatchClient[L runtime.Object] interface {
	List(ctx context.Context, opts metav1.ListOptions) (L, error)
	Watch(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error)
}

// ClientInformerOptions configure NewClientInformer. The zero value is fine.
type ClientInformerOptions struct {
	// ResyncPeriod is the resync period of handlers that ask for none of their own; zero: no resyncs.
	ResyncPeriod time.Duration
	// Indexers are the indexes of the store.
	Indexers Indexers
	// InformerName, if set, gives the informer its identity.
	InformerName *InformerName
	// InformerMetricsProvider is that of SharedIndexInformerOptions.
	InformerMetricsProvider InformerMetricsProvider
	// TweakListOptions, if set, changes the options of each list and watch, usually their selectors.
	TweakListOptions func(*metav1.ListOptions)
	// Tuning is how the informer behaves where client-go's leave no choice.
	Tuning InformerTuning
}

// NewClientInformer returns the informer of a typed client, for generated code. T is the object type and L the list
// type, for example *v1.ConfigMap and *v1.ConfigMapList; example is an object of type T. Store, queues and handlers of the
// informer hold Ts: the type of an object is asserted once, where the client hands it over.
func NewClientInformer[T Object, L runtime.Object](client ListWatchClient[L], resource schema.GroupVersionResource, example T, options ClientInformerOptions) TypedSharedIndexInformer[T] {
	tweak := options.TweakListOptions
	if tweak == nil {
		tweak = func(*metav1.ListOptions) {}
	}
	lw := ToListerWatcherWithContext(ToListWatcherWithWatchListSemantics(listWatchOf(client, tweak), client))
	if lister, ok := client.(itemLister); ok {
		lw = itemListWatch{lw, lister, tweak}
	}
	var identifier InformerNameAndResource
	if options.InformerName != nil {
		identifier = options.InformerName.WithResource(resource)
	}
	return typedInformer[T]{newSharedInformer(lw, keyOf[T], expectTyped[T](), SharedIndexInformerOptions{
		ResyncPeriod:      options.ResyncPeriod,
		Indexers:          options.Indexers,
		ObjectDescription: describe(example),
		Identifier:        identifier,
		Tuning:            options.Tuning,

		InformerMetricsProvider: options.InformerMetricsProvider,
	})}
}

// listWatchOf makes a ListWatch of a typed client.
func listWatchOf[L runtime.Object](client ListWatchClient[L], tweak func(*metav1.ListOptions)) *ListWatch {
	return &ListWatch{
		ListWithContextFunc: func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
			tweak(&opts)
			list, err := client.List(ctx, opts)
			if err != nil {
				return nil, err // not list: it may be a nil pointer, which is not a nil Object
			}
			return list, nil
		},
		WatchFuncWithContext: func(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error) {
			tweak(&opts)
			return client.Watch(ctx, opts)
		},
	}
}

// itemLister is a client that can list object by object, and metadata only. Generated clients can.
type itemLister interface {
	reflector.ItemLister
	metadataLister
}

// itemListWatch is a ListWatch of a client that is an itemLister.
type itemListWatch struct {
	ListerWatcherWithContext
	lister itemLister
	tweak  func(*metav1.ListOptions)
}

func (lw itemListWatch) EachItem(ctx context.Context, opts metav1.ListOptions, each func(rest.ListItem) error) (metav1.ListMeta, error) {
	lw.tweak(&opts)
	return lw.lister.EachItem(ctx, opts, each)
}

func (lw itemListWatch) ListMetadata(ctx context.Context, opts metav1.ListOptions) (*metav1.PartialObjectMetadataList, error) {
	lw.tweak(&opts)
	return lw.lister.ListMetadata(ctx, opts)
}

func (lw itemListWatch) IsWatchListSemanticsUnSupported() bool {
	return refusesWatchList(lw.ListerWatcherWithContext)
}
