package cache_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
)

// newServer returns a server for an example, and a client of it.
func newServer() (*apiservertest.Server, *kubernetes.Clientset) {
	server, err := apiservertest.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// A controller that has written reads its own write from the cache, and asks the informer how it fares.
func ExampleObserve() {
	server, client := newServer()
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactory(client, 0)
	defer factory.Shutdown()
	defer cancel()
	configMaps := factory.Core().V1().ConfigMaps()
	informer, err := cache.Observe(configMaps.Informer())
	if err != nil {
		log.Fatal(err)
	}
	factory.StartWithContext(ctx)

	written, err := client.CoreV1().ConfigMaps("default").Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "mine"}}, metav1.CreateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := informer.WaitForVersion(ctx, written); err != nil {
		log.Fatal(err)
	}
	read, err := configMaps.Lister().ConfigMaps("default").Get("mine")
	fmt.Println(read.Name, err)
	status := informer.Status()
	fmt.Println(status.State, status.Objects, status.Check(time.Now(), cache.HealthOptions{}))
	// Output:
	// mine <nil>
	// watching 1 <nil>
}

// Whoever waits for a cache is told why it has not synced.
func ExampleWaitForSync() {
	server, client := newServer()
	defer server.Close()
	server.Faults().Add(fault.Rule{
		Match:  request.Match{Resources: []schema.GroupResource{corev1.Resource("configmaps")}},
		Effect: fault.Fail(apierrors.NewForbidden(corev1.Resource("configmaps"), "", errors.New("no role allows it")), ""),
	})
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactory(client, 0)
	defer factory.Shutdown()
	defer cancel()
	configMaps := factory.Core().V1().ConfigMaps().Informer()
	factory.StartWithContext(ctx)

	patience, done := context.WithTimeout(ctx, time.Second)
	defer done()
	err := cache.WaitForSync(patience, configMaps)
	fmt.Println(apierrors.IsForbidden(err), errors.Is(err, context.DeadlineExceeded))
	// Output:
	// true true
}

// A typed handler is always told of an object, deletions included. This one may be slow, of each object it is told what is
// newest, and a panic ends only it.
func ExampleHandler() {
	server, client := newServer()
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactory(client, 0)
	defer factory.Shutdown()
	defer cancel()
	deleted := make(chan string)
	registration, err := factory.Core().V1().ConfigMaps().TypedInformer().AddTypedEventHandler(cache.Handler[*corev1.ConfigMap]{
		Delete: func(last *corev1.ConfigMap, final bool) { deleted <- fmt.Sprint(last.Name, ", final state: ", final) },
	}, cache.HandlerOptions{Queue: cache.CoalescingQueue(), OnPanic: cache.PanicDetach})
	if err != nil {
		log.Fatal(err)
	}
	configMaps := client.CoreV1().ConfigMaps("default")
	if _, err := configMaps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "short-lived"}}, metav1.CreateOptions{}); err != nil {
		log.Fatal(err)
	}
	factory.StartWithContext(ctx)
	cache.WaitFor(ctx, "", registration.HasSyncedChecker())
	if err := configMaps.Delete(ctx, "short-lived", metav1.DeleteOptions{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(<-deleted)
	// Output:
	// short-lived, final state: true
}

// One informer of a factory runs as long as somebody holds a lease of it, for example while a feature is on.
func ExampleInformerFactory_Acquire() {
	server, client := newServer()
	defer server.Close()
	ctx := context.Background()
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTuning(cache.InformerTuning{Audit: time.Hour}))
	defer factory.Shutdown()
	lease, err := factory.Acquire(ctx, factory.Core().V1().ConfigMaps().Informer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cache.WaitForSync(ctx, lease.Informer()))
	lease.Release()
	<-lease.Ended()
	fmt.Println(lease.Informer().IsStopped())
	// Output:
	// <nil>
	// true
}
