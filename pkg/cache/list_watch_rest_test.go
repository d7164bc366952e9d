package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/rest"
)

func TestNewListWatchFromClientOverHTTP(t *testing.T) {
	var requests []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r.URL.Path+" "+r.URL.Query().Encode())
		w.Header().Set("Content-Type", "application/json")
		cm := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "a"}}
		var answer any = &corev1.ConfigMapList{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMapList"}, ListMeta: metav1.ListMeta{ResourceVersion: "7"}, Items: []corev1.ConfigMap{*cm}}
		if r.URL.Query().Get("watch") != "" {
			answer = &metav1.WatchEvent{Type: "ADDED", Object: runtime.RawExtension{Object: cm}}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	client := configMapRESTClient(t, server)
	lw := NewListWatchFromClient(client, "configmaps", "ns", fields.OneTermEqualSelector("metadata.name", "a"))
	listed, err1 := lw.ListWithContext(t.Context(), metav1.ListOptions{ResourceVersion: "0", Limit: 500})
	listedOld, err2 := lw.List(metav1.ListOptions{})
	must(t, err1, err2)
	for _, list := range []runtime.Object{listed, listedOld} {
		if list.(*corev1.ConfigMapList).ResourceVersion != "7" || list.(*corev1.ConfigMapList).Items[0].Name != "a" {
			t.Errorf("listed %v", list)
		}
	}
	watched, err1 := lw.WatchWithContext(t.Context(), metav1.ListOptions{ResourceVersion: "7"})
	watchedOld, err2 := lw.Watch(metav1.ListOptions{})
	must(t, err1, err2)
	for _, w := range []watch.Interface{watched, watchedOld} {
		event := <-w.ResultChan()
		if event.Type != watch.Added || event.Object.(*corev1.ConfigMap).Name != "a" {
			t.Errorf("watched %v", event)
		}
		w.Stop()
	}
	path := "/api/v1/namespaces/ns/configmaps fieldSelector=metadata.name%3Da"
	want := []string{path + "&limit=500&resourceVersion=0", path, path + "&resourceVersion=7&watch=true", path + "&watch=true"}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// configMapRESTClient is a client of a server for core/v1.
func configMapRESTClient(t *testing.T, server *httptest.Server) *rest.RESTClient {
	scheme := runtime.NewScheme()
	must(t, corev1.AddToScheme(scheme))
	client, err := rest.RESTClientFor(&rest.Config{Host: server.URL, APIPath: "/api", ContentConfig: rest.ContentConfig{
		GroupVersion:         &corev1.SchemeGroupVersion,
		NegotiatedSerializer: serializer.NewCodecFactory(scheme).WithoutConversion(),
	}})
	must(t, err)
	t.Cleanup(client.Client.CloseIdleConnections)
	return client
}

// R4: a connection that breaks within an event is no reason to list again, and half an event is not applied.
func TestReflectorResumesABrokenConnection(t *testing.T) {
	const event = `{"type":"ADDED","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"ns","name":"%s","resourceVersion":"%s"}}}`
	var requests []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		requests = append(requests, query.Get("watch")+" "+query.Get("resourceVersion"))
		w.Header().Set("Content-Type", "application/json")
		switch len(requests) {
		case 1:
			fmt.Fprint(w, `{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"7"},"items":[]}`)
		case 2:
			fmt.Fprintf(w, event, "whole", "8")
			fmt.Fprint(w, event[:40])
			flush(t, w)
			panic(http.ErrAbortHandler)
		default:
			fmt.Fprintf(w, event, "next", "9")
			flush(t, w)
			<-r.Context().Done()
		}
	}))
	defer server.Close()
	store := NewStore(MetaNamespaceKeyFunc)
	lw := ToListWatcherWithWatchListSemantics(NewListWatchFromClient(configMapRESTClient(t, server), "configmaps", "ns", fields.Everything()), refuser(true))
	r := NewReflectorWithOptions(lw, &corev1.ConfigMap{}, store, ReflectorOptions{Backoff: &wait.Backoff{Duration: time.Millisecond}})
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { r.RunWithContext(ctx) })
	if !WaitForCacheSync(ctx.Done(), func() bool { return r.LastSyncResourceVersion() == "9" }) {
		t.Error("did not get so far")
	}
	cancel()
	run.Wait()
	server.Close()
	if diff := cmp.Diff([]string{" 0", "true 7", "true 8"}, requests); diff != "" {
		t.Errorf("requests, watch or not, and versions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ns/next", "ns/whole"}, sorted(store.ListKeys())); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func flush(t *testing.T, w http.ResponseWriter) {
	if err := http.NewResponseController(w).Flush(); err != nil {
		t.Error(err)
	}
}
