package compiled

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	stablev1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/apis/stable/v1"
	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/clientset/versioned"
	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/informers/externalversions"
	informersv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/informers/externalversions/stable/v1"
	"github.com/kubewright/kubewright/pkg/rest"
)

// stableHandler sends a line for each CronTab that is added.
func stableHandler(seen chan<- string) informersv1.CronTabDetailedHandlerFuncs {
	return informersv1.CronTabDetailedHandlerFuncs{
		AddFunc: func(object *stablev1.CronTab, isInInitialList bool) {
			seen <- fmt.Sprintf("%s in the initial list %v", object.Name, isInInitialList)
		},
	}
}

// watchServer serves one list of CronTabs and one watch.
func watchServer(t *testing.T, items []stablev1.CronTab, events <-chan metav1.WatchEvent) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if want := "/apis/stable.example.com/v1/namespaces/ns/crontabs"; request.URL.Path != want || request.URL.Query().Get("fieldSelector") != "a=b" {
			t.Errorf("unexpected request %s", request.URL)
		}
		query := request.URL.Query()
		w.Header().Set("Content-Type", "application/json")
		switch {
		case query.Get("sendInitialEvents") == "true":
			// A server without streaming lists says so.
			status := apierrors.NewInvalid(schema.GroupKind{Group: "meta.k8s.io", Kind: "ListOptions"}, "", nil).Status()
			w.WriteHeader(http.StatusUnprocessableEntity)
			_ = json.NewEncoder(w).Encode(status)
		case query.Get("watch") == "true" || query.Get("watch") == "1":
			flusher := w.(http.Flusher)
			flusher.Flush()
			for {
				select {
				case event := <-events:
					_ = json.NewEncoder(w).Encode(event)
					flusher.Flush()
				case <-request.Context().Done():
					return
				}
			}
		default:
			list := stablev1.CronTabList{ListMeta: metav1.ListMeta{ResourceVersion: "10"}, Items: items}
			list.APIVersion, list.Kind = "stable.example.com/v1", "CronTabList"
			_ = json.NewEncoder(w).Encode(list)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func cronTab(name, resourceVersion string) stablev1.CronTab {
	object := stablev1.CronTab{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: resourceVersion}}
	object.APIVersion, object.Kind = "stable.example.com/v1", "CronTab"
	return object
}

func TestInformerFillsTheLister(t *testing.T) {
	events := make(chan metav1.WatchEvent)
	server := watchServer(t, []stablev1.CronTab{cronTab("first", "1")}, events)
	factory := externalversions.NewSharedInformerFactoryWithOptions(
		versioned.NewForConfigOrDie(&rest.Config{Host: server.URL}), 0,
		externalversions.WithNamespace("ns"),
		externalversions.WithTweakListOptions(func(options *metav1.ListOptions) { options.FieldSelector = "a=b" }),
	)
	cronTabs := factory.Stable().V1().CronTabs()
	seen := make(chan string, 10)
	if _, err := cronTabs.TypedInformer().AddTypedEventHandler(stableHandler(seen)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	factory.StartWithContext(ctx)
	defer factory.Shutdown()
	defer stop()
	if err := factory.WaitForCacheSyncWithContext(ctx).AsError(); err != nil {
		t.Fatal(err)
	}

	raw, err := json.Marshal(cronTab("second", "11"))
	if err != nil {
		t.Fatal(err)
	}
	event := metav1.WatchEvent{Type: "ADDED"}
	event.Object.Raw = raw
	events <- event
	for _, want := range []string{"first in the initial list true", "second in the initial list false"} {
		if got := <-seen; got != want {
			t.Errorf("handler saw %q, want %q", got, want)
		}
	}

	all, err := cronTabs.Lister().List(labels.Everything())
	if err != nil || len(all) != 2 {
		t.Errorf("lister has %d objects, want 2; error %v", len(all), err)
	}
	if one, err := cronTabs.Lister().CronTabs("ns").Get("second"); err != nil || one.Name != "second" {
		t.Errorf("lister returns %v, error %v", one, err)
	}
	_, err = cronTabs.Lister().CronTabs("ns").Get("third")
	if !apierrors.IsNotFound(err) || !strings.Contains(err.Error(), "crontab.stable.example.com") {
		t.Errorf("lister says %v about an object that is not there", err)
	}

	generic, err := factory.ForResource(schema.GroupVersionResource{Group: "stable.example.com", Version: "v1", Resource: "crontabs"})
	if err != nil {
		t.Fatal(err)
	}
	if generic.Informer() != cronTabs.Informer() {
		t.Error("ForResource makes an informer of its own")
	}
	if _, err := factory.ForResource(schema.GroupVersionResource{Group: "coreos.example.com", Version: "v1", Resource: "prometheis"}); err != nil {
		t.Errorf("the name given by +resourceName is not found: %v", err)
	}
	if _, err := factory.ForResource(schema.GroupVersionResource{Group: "coreos.example.com", Version: "v1", Resource: "prometheuses"}); err == nil {
		t.Error("a resource that does not exist is found")
	}
}
