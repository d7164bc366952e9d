package bench

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	theirinformers "k8s.io/client-go/informers"
	theirkubernetes "k8s.io/client-go/kubernetes"
	theirlisters "k8s.io/client-go/listers/core/v1"
	theircache "k8s.io/client-go/tools/cache"

	ourkubernetes "github.com/kubewright/kubewright/generated/kubernetes"
	ourinformers "github.com/kubewright/kubewright/generated/kubernetes/informers"
	ourlisters "github.com/kubewright/kubewright/generated/kubernetes/listers/core/v1"
	ourcache "github.com/kubewright/kubewright/pkg/cache"
)

// informerStack is what a stack offers to programs that cache pods.
type informerStack struct {
	name string
	// connect returns the informer of a factory.
	connect func(options) (podInformer, error)
	// connectConfigMaps returns the informer of ConfigMaps of a factory, which has no lister of pods.
	connectConfigMaps func(options) (podInformer, error)
	// local returns the informer that a factory would, of pods that are in the process already.
	local func(*localPods, indexFuncs) podInformer
	// indexer returns an empty Indexer.
	indexer func(indexFuncs) podIndexer
}

var informerStacks = []informerStack{
	{"kubewright", connectOurInformer, connectOurConfigMaps, ourLocalInformer, ourIndexer},
	{"client-go", connectTheirInformer, connectTheirConfigMaps, theirLocalInformer, theirIndexer},
}

func connectOurInformer(o options) (podInformer, error) {
	factory, err := ourFactory(o)
	if err != nil {
		return podInformer{}, err
	}
	return adaptOurs(factory.Core().V1().Pods().Informer()), nil
}

func connectOurConfigMaps(o options) (podInformer, error) {
	factory, err := ourFactory(o)
	if err != nil {
		return podInformer{}, err
	}
	informer := adaptOurs(factory.Core().V1().ConfigMaps().Informer())
	informer.lister = podLister{}
	return informer, nil
}

func ourFactory(o options) (ourinformers.SharedInformerFactory, error) {
	client, err := ourkubernetes.NewForConfig(ourConfig(o))
	if err != nil {
		return nil, err
	}
	return ourinformers.NewSharedInformerFactory(client, 0), nil
}

func ourLocalInformer(pods *localPods, indexes indexFuncs) podInformer {
	return adaptOurs(ourcache.NewClientInformer(pods, corev1.SchemeGroupVersion.WithResource("pods"), &corev1.Pod{},
		ourcache.ClientInformerOptions{Indexers: ourIndexers(indexes)}))
}

func ourIndexer(indexes indexFuncs) podIndexer {
	return ourcache.NewIndexer(ourcache.MetaNamespaceKeyFunc, ourIndexers(indexes))
}

func ourIndexers(indexes indexFuncs) ourcache.Indexers {
	indexers := ourcache.Indexers{}
	for name, f := range indexes {
		indexers[name] = f
	}
	return indexers
}

func adaptOurs(informer ourcache.SharedIndexInformer) podInformer {
	lister := ourlisters.NewPodLister(informer.GetIndexer())
	return podInformer{
		run:     informer.RunWithContext,
		synced:  informer.HasSyncedChecker().Done(),
		indexer: informer.GetIndexer(),
		lister:  podLister{lister.List, func(namespace string) podNamespaceLister { return lister.Pods(namespace) }},
		handle: func(h podHandler) (podRegistration, error) {
			r, err := informer.AddEventHandler(ourcache.ResourceEventHandlerFuncs{AddFunc: h.added, UpdateFunc: h.updated})
			if err != nil {
				return podRegistration{}, err
			}
			return podRegistration{r.HasSyncedChecker().Done(), func() error { return informer.RemoveEventHandler(r) }}, nil
		},
	}
}

func connectTheirInformer(o options) (podInformer, error) {
	factory, err := theirFactory(o)
	if err != nil {
		return podInformer{}, err
	}
	return adaptTheirs(factory.Core().V1().Pods().Informer()), nil
}

func connectTheirConfigMaps(o options) (podInformer, error) {
	factory, err := theirFactory(o)
	if err != nil {
		return podInformer{}, err
	}
	informer := adaptTheirs(factory.Core().V1().ConfigMaps().Informer())
	informer.lister = podLister{}
	return informer, nil
}

func theirFactory(o options) (theirinformers.SharedInformerFactory, error) {
	client, err := theirkubernetes.NewForConfig(theirConfig(o))
	if err != nil {
		return nil, err
	}
	return theirinformers.NewSharedInformerFactory(client, 0), nil
}

func theirLocalInformer(pods *localPods, indexes indexFuncs) podInformer {
	return adaptTheirs(theircache.NewSharedIndexInformer(theircache.ToListWatcherWithWatchListSemantics(&theircache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
			return pods.List(ctx, opts)
		},
		WatchFuncWithContext: pods.Watch,
	}, pods), &corev1.Pod{}, 0, theirIndexers(indexes)))
}

func theirIndexer(indexes indexFuncs) podIndexer {
	return theircache.NewIndexer(theircache.MetaNamespaceKeyFunc, theirIndexers(indexes))
}

func theirIndexers(indexes indexFuncs) theircache.Indexers {
	indexers := theircache.Indexers{}
	for name, f := range indexes {
		indexers[name] = f
	}
	return indexers
}

func adaptTheirs(informer theircache.SharedIndexInformer) podInformer {
	lister := theirlisters.NewPodLister(informer.GetIndexer())
	return podInformer{
		run:     informer.RunWithContext,
		synced:  informer.HasSyncedChecker().Done(),
		indexer: informer.GetIndexer(),
		lister:  podLister{lister.List, func(namespace string) podNamespaceLister { return lister.Pods(namespace) }},
		handle: func(h podHandler) (podRegistration, error) {
			r, err := informer.AddEventHandler(theircache.ResourceEventHandlerFuncs{AddFunc: h.added, UpdateFunc: h.updated})
			if err != nil {
				return podRegistration{}, err
			}
			return podRegistration{r.HasSyncedChecker().Done(), func() error { return informer.RemoveEventHandler(r) }}, nil
		},
	}
}
