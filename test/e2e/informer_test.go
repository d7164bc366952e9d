package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/apiserver"
)

// patience bounds the wait for what must happen; nothing takes this long.
const patience = time.Minute

// watched is a running informer of the ConfigMaps of a namespace.
type watched struct {
	events  chan string
	lister  func() ([]*corev1.ConfigMap, error)
	indexer cache.Indexer
}

// watchConfigMaps starts an informer and returns when its cache is filled.
func watchConfigMaps(t *testing.T, config *rest.Config, namespace string) *watched {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactoryWithOptions(kubeClient(t, config), 0, informers.WithNamespace(namespace))
	t.Cleanup(func() {
		cancel()
		factory.Shutdown()
	})
	configMaps := factory.Core().V1().ConfigMaps()
	w := &watched{
		events:  make(chan string, 1000),
		lister:  func() ([]*corev1.ConfigMap, error) { return configMaps.Lister().List(labels.Everything()) },
		indexer: configMaps.Informer().GetIndexer(),
	}
	registration, err := configMaps.TypedInformer().AddTypedEventHandler(cache.TypedResourceEventHandlerDetailedFuncs[*corev1.ConfigMap]{
		AddFunc: func(cm *corev1.ConfigMap, initial bool) {
			w.events <- fmt.Sprintf("add %s %s initial=%t", cm.Name, cm.Data["step"], initial)
		},
		UpdateFunc: func(old, cm *corev1.ConfigMap) {
			w.events <- fmt.Sprintf("update %s %s->%s", cm.Name, old.Data["step"], cm.Data["step"])
		},
		DeleteFunc: func(deleted cache.DeletedObject[*corev1.ConfigMap]) {
			w.events <- fmt.Sprintf("delete %s %s unknown=%t", deleted.GetName(), deleted.OptionalObj.Data["step"], deleted.FinalStateUnknown != nil)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	factory.StartWithContext(ctx)
	wait, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if err := factory.WaitForCacheSyncWithContext(wait).AsError(); err != nil {
		t.Fatal(err)
	}
	if !cache.WaitFor(wait, "", registration.HasSyncedChecker()) {
		t.Fatal("the handler did not see the initial list")
	}
	return w
}

// next returns the next n events.
func (w *watched) next(t *testing.T, n int) []string {
	t.Helper()
	timeout := time.After(patience)
	var events []string
	for range n {
		select {
		case event := <-w.events:
			events = append(events, event)
		case <-timeout:
			t.Fatalf("only %d of %d events: %q", len(events), n, events)
		}
	}
	return events
}

func (w *watched) expect(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.next(t, len(want))); diff != "" {
		t.Fatalf("unexpected events (-want +got):\n%s", diff)
	}
}

// expectCacheEqualsServer compares keys, versions and content.
func (w *watched) expectCacheEqualsServer(t *testing.T, client kubernetes.Interface, namespace string) {
	t.Helper()
	list, err := client.CoreV1().ConfigMaps(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cached, err := w.lister()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]corev1.ConfigMap{}
	for _, cm := range cached {
		byName[cm.Name] = *cm
	}
	onServer := map[string]corev1.ConfigMap{}
	for _, cm := range list.Items {
		onServer[cm.Name] = cm
	}
	if diff := cmp.Diff(onServer, byName); diff != "" {
		t.Errorf("cache differs from the server (-server +cache):\n%s", diff)
	}
}

// configMapWriter makes the changes of a test.
type configMapWriter struct {
	t         *testing.T
	client    kubernetes.Interface
	namespace string
}

func (w configMapWriter) create(name, step string) {
	w.t.Helper()
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"step": step}}
	if _, err := w.client.CoreV1().ConfigMaps(w.namespace).Create(w.t.Context(), cm, metav1.CreateOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

func (w configMapWriter) update(name, step string) {
	w.t.Helper()
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"step": step}}
	if _, err := w.client.CoreV1().ConfigMaps(w.namespace).Update(w.t.Context(), cm, metav1.UpdateOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

func (w configMapWriter) delete(name string) {
	w.t.Helper()
	if err := w.client.CoreV1().ConfigMaps(w.namespace).Delete(w.t.Context(), name, metav1.DeleteOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

func TestInformerSeesChangesInOrder(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{"JSON": "application/json", "protobuf": ""} {
		t.Run(name, func(t *testing.T) {
			config := adminConfig(t)
			config.ContentType = contentType
			client := kubeClient(t, config)
			writer := configMapWriter{t, client, newNamespace(t, config)}
			writer.create("first", "0")

			informer := watchConfigMaps(t, config, writer.namespace)
			want := []string{"add first 0 initial=true"}
			const steps = 50
			for i := range steps {
				name := fmt.Sprint("cm-", i)
				writer.create(name, "1")
				writer.update(name, "2")
				writer.update("first", fmt.Sprint(i+1))
				writer.delete(name)
				want = append(want,
					"add "+name+" 1 initial=false",
					"update "+name+" 1->2",
					fmt.Sprintf("update first %d->%d", i, i+1),
					"delete "+name+" 2 unknown=false")
			}
			informer.expect(t, want...)
			informer.expectCacheEqualsServer(t, client, writer.namespace)
		})
	}
}

func TestInformerResumesAfterARestartWithoutListing(t *testing.T) {
	t.Parallel()
	// With a watch cache, a server forgets at a restart what it has not in the cache, though etcd
	// has it still, and asks for a new list.
	cluster := apiserver.StartForTest(t, apiserver.Options{Flags: []string{"--watch-cache=false"}})
	server := cluster.Server(0)
	client := kubeClient(t, configFor(t, server, cluster.Admin()))
	writer := configMapWriter{t, client, "default"}
	writer.create("kept", "1")

	config := configFor(t, server, cluster.Admin())
	recorder := record(config)
	informer := watchConfigMaps(t, config, "default")
	informer.expect(t, "add kept 1 initial=true")
	watches := recorder.count(isWatch)

	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	writer.update("kept", "2")
	writer.create("new", "1")
	writer.delete("kept")
	informer.expect(t, "update kept 1->2", "add new 1 initial=false", "delete kept 2 unknown=false")
	informer.expectCacheEqualsServer(t, client, "default")
	if lists := recorder.count(isList); lists != 1 {
		t.Errorf("the informer listed %d times, want once", lists)
	}
	if recorder.count(isWatch) <= watches {
		t.Error("the informer did not watch again: the restart did not reach it")
	}
}

func TestInformerListsOnceAfterHistoryIsCompacted(t *testing.T) {
	t.Parallel()
	cluster := apiserver.StartForTest(t, apiserver.Options{Servers: 2})
	server, other := cluster.Server(0), cluster.Server(1)
	client := kubeClient(t, configFor(t, other, cluster.Admin()))
	writer := configMapWriter{t, client, "default"}
	writer.create("changed", "1")
	writer.create("gone", "1")
	writer.create("same", "1")

	config := configFor(t, server, cluster.Admin())
	recorder := record(config)
	informer := watchConfigMaps(t, config, "default")
	informer.next(t, 3)

	// All this happens while the informer has no connection, and nobody remembers it.
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	writer.update("changed", "2")
	writer.delete("gone")
	writer.create("new", "1")
	if _, err := cluster.CompactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	got := map[string]bool{}
	for _, event := range informer.next(t, 4) {
		got[event] = true
	}
	want := map[string]bool{
		"update changed 1->2":        true,
		"update same 1->1":           true,
		"add new 1 initial=false":    true,
		"delete gone 1 unknown=true": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unexpected events after the list (-want +got):\n%s", diff)
	}
	informer.expectCacheEqualsServer(t, client, "default")
	if lists := recorder.count(isList); lists != 2 {
		t.Errorf("the informer listed %d times, want twice: at the start and after the compaction", lists)
	}

	writer.update("new", "2")
	informer.expect(t, "update new 1->2")
}
