package rig

import (
	"context"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
)

// Kind is a way to an informer: the client, the representation of objects, the protocol, and how it lists.
type Kind struct {
	Name     string
	Media    string // the Content-Type that the client asks for
	Protocol string // "h2" or "http/1.1"
	// Streams says whether lists are the beginning of a watch, or have pages.
	Streams bool
	make    func(made) (cache.SharedIndexInformer, func(context.Context), error)
}

// made is what an informer is made of.
type made struct {
	config    *rest.Config
	client    *http.Client
	namespace string
	tweak     func(*metav1.ListOptions)
	resync    time.Duration
	indexers  cache.Indexers
	tuning    cache.InformerTuning
}

// Kinds are all that there are. Between them, they have each client, representation, protocol, and way to list.
var Kinds = []Kind{
	{"typed-json", runtime.ContentTypeJSON, "h2", true, typed},
	{"typed-protobuf", runtime.ContentTypeProtobuf, "h2", false, typed},
	{"untyped-json", runtime.ContentTypeJSON, "http/1.1", false, untyped},
	{"untyped-protobuf", runtime.ContentTypeProtobuf, "http/1.1", true, untyped},
	{"dynamic-json", runtime.ContentTypeJSON, "h2", true, dynamic},
	{"metadata-protobuf", runtime.ContentTypeProtobuf, "h2", true, metadata},
}

// typed makes the informer of a generated factory.
func typed(m made) (cache.SharedIndexInformer, func(context.Context), error) {
	client, err := kubernetes.NewForConfigAndClient(m.config, m.client)
	if err != nil {
		return nil, nil, err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, m.resync, informers.WithTuning(m.tuning),
		informers.WithNamespace(m.namespace), informers.WithTweakListOptions(m.tweak))
	informer := factory.Core().V1().ConfigMaps().Informer()
	if err := informer.AddIndexers(m.indexers); err != nil {
		return nil, nil, err
	}
	run := func(ctx context.Context) {
		factory.StartWithContext(ctx)
		factory.Shutdown()
	}
	return informer, run, nil
}

// untyped makes an informer of a ListWatch of a typed client.
func untyped(m made) (cache.SharedIndexInformer, func(context.Context), error) {
	client, err := kubernetes.NewForConfigAndClient(m.config, m.client)
	if err != nil {
		return nil, nil, err
	}
	configMaps := client.CoreV1().ConfigMaps(m.namespace)
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			m.tweak(&options)
			return configMaps.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			m.tweak(&options)
			return configMaps.Watch(ctx, options)
		},
	}
	informer := cache.NewSharedIndexInformerWithOptions(lw, &corev1.ConfigMap{}, cache.SharedIndexInformerOptions{ResyncPeriod: m.resync, Indexers: m.indexers, Tuning: m.tuning})
	return informer, informer.RunWithContext, nil
}

// dynamic makes an informer of objects without a Go type.
func dynamic(m made) (cache.SharedIndexInformer, func(context.Context), error) {
	config := rest.CopyConfig(m.config)
	config.APIPath, config.GroupVersion = "/api", &corev1.SchemeGroupVersion
	config.NegotiatedSerializer = runtime.NewSimpleNegotiatedSerializer(runtime.SerializerInfo{
		MediaType:        runtime.ContentTypeJSON,
		EncodesAsText:    true,
		Serializer:       unstructured.UnstructuredJSONScheme,
		StreamSerializer: &runtime.StreamSerializerInfo{EncodesAsText: true, Serializer: unstructured.UnstructuredJSONScheme, Framer: json.Framer},
	})
	client, err := rest.RESTClientForConfigAndClient(config, m.client)
	if err != nil {
		return nil, nil, err
	}
	lw := cache.NewFilteredListWatchFromClient(client, Resource.Resource, m.namespace, m.tweak)
	example := &unstructured.Unstructured{}
	example.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	informer := cache.NewSharedIndexInformerWithOptions(lw, example, cache.SharedIndexInformerOptions{ResyncPeriod: m.resync, Indexers: m.indexers, Tuning: m.tuning})
	return informer, informer.RunWithContext, nil
}

// metadata makes an informer of the metadata of objects, without the rest.
func metadata(m made) (cache.SharedIndexInformer, func(context.Context), error) {
	scheme := runtime.NewScheme()
	if err := metav1.AddMetaToScheme(scheme); err != nil {
		return nil, nil, err
	}
	metav1.AddToGroupVersion(scheme, corev1.SchemeGroupVersion)
	config := rest.CopyConfig(m.config)
	config.APIPath, config.GroupVersion = "/api", &corev1.SchemeGroupVersion
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	client, err := rest.RESTClientForConfigAndClient(config, m.client)
	if err != nil {
		return nil, nil, err
	}
	get := func(options metav1.ListOptions, as string) *rest.Request {
		m.tweak(&options)
		return client.Get().Namespace(m.namespace).Resource(Resource.Resource).
			SetHeader("Accept", runtime.ContentTypeProtobuf+";g=meta.k8s.io;v=v1;as="+as).
			VersionedParams(&options, metav1.ParameterCodec)
	}
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			return get(options, "PartialObjectMetadataList").Do(ctx).Get()
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.Watch = true
			return get(options, "PartialObjectMetadata").Watch(ctx)
		},
	}
	informer := cache.NewSharedIndexInformerWithOptions(lw, &metav1.PartialObjectMetadata{}, cache.SharedIndexInformerOptions{ResyncPeriod: m.resync, Indexers: m.indexers, Tuning: m.tuning})
	return informer, informer.RunWithContext, nil
}
