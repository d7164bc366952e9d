package cache_test

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache"
)

// configMapClient stands for a generated client.
type configMapClient struct{}

func (configMapClient) List(context.Context, metav1.ListOptions) (*corev1.ConfigMapList, error) {
	return &corev1.ConfigMapList{Items: []corev1.ConfigMap{{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "hello"}}}}, nil
}

func (configMapClient) Watch(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return watch.NewRaceFreeFake(), nil
}

// IsWatchListSemanticsUnSupported says that the watch does not begin with what is there, as that of a server does.
func (configMapClient) IsWatchListSemanticsUnSupported() bool { return true }

// An informer keeps ConfigMaps in memory, calls a handler for each change, and is read through a lister.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	resource := schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	informer := cache.NewClientInformer(configMapClient{}, resource, &corev1.ConfigMap{}, cache.ClientInformerOptions{})

	handler, err := informer.AddTypedEventHandler(cache.TypedResourceEventHandlerFuncs[*corev1.ConfigMap]{
		AddFunc: func(cm *corev1.ConfigMap) { fmt.Println("added", cm.Name) },
	})
	if err != nil {
		panic(err)
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		informer.RunWithContext(ctx)
	}()
	cache.WaitFor(ctx, "", handler.HasSyncedChecker())

	lister := cache.NewResourceIndexer[*corev1.ConfigMap](informer.GetIndexer(), resource.GroupResource())
	cm, err := cache.NewNamespacedResourceIndexer(lister, "default").Get("hello")
	if err != nil {
		panic(err)
	}
	fmt.Println("read", cm.Namespace+"/"+cm.Name)

	cancel()
	<-stopped
	// Output:
	// added hello
	// read default/hello
}
