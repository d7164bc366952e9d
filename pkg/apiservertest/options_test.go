package apiservertest_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/discovery"
)

// groupVersions returns what a server offers.
func groupVersions(t *testing.T, server *apiservertest.Server) []string {
	t.Helper()
	client, err := discovery.NewDiscoveryClientForConfig(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	groups, err := client.ServerGroups()
	if err != nil {
		t.Fatal(err)
	}
	return metav1.ExtractGroupVersions(groups)
}

func TestASchemeBoundsWhatIsServed(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	small := groupVersions(t, apiservertest.NewServerForTest(t, apiservertest.WithScheme(scheme)))
	usual := groupVersions(t, apiservertest.NewServerForTest(t))
	all := groupVersions(t, apiservertest.NewServerForTest(t, apiservertest.WithAllVersions()))
	const alpha = "internal.apiserver.k8s.io/v1alpha1"
	if !slices.Contains(small, "v1") || slices.Contains(small, "apps/v1") {
		t.Errorf("the core group alone: %v", small)
	}
	if !slices.Contains(usual, "apps/v1") || slices.Contains(usual, alpha) || !slices.Contains(all, alpha) {
		t.Errorf("by default: %v\nall: %v", usual, all)
	}
}

func TestUsersAndMiddleware(t *testing.T) {
	var paths []string
	server := apiservertest.NewServerForTest(t,
		apiservertest.WithUsers(map[string]apiservertest.User{"token-of-jane": {Name: "jane"}}),
		apiservertest.WithMiddleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				paths = append(paths, r.URL.Path)
				next.ServeHTTP(w, r)
			})
		}))
	config := server.Config()
	config.BearerToken = "token-of-jane"
	if _, err := newClient(t, config).CoreV1().Nodes().List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Error(err)
	}
	if !slices.Equal(paths, []string{"/api/v1/nodes"}) {
		t.Errorf("the middleware saw %q", paths)
	}
}

func TestTheClockIsThatOfObjects(t *testing.T) {
	then := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	server := apiservertest.NewServerForTest(t, apiservertest.WithClock(func() time.Time { return then }), apiservertest.WithInMemoryNetwork())
	if err := server.Seed(t.Context(), configMap("a")); err != nil {
		t.Fatal(err)
	}
	for _, change := range server.Storage().Recorded() {
		t.Errorf("recorded without being asked to: %v", change)
	}
	list, err := server.Storage().List(schema.GroupResource{Resource: "configmaps"}, "default", 0)
	if err != nil || len(list.Objects) != 1 || !list.Objects[0].GetCreationTimestamp().Time.Equal(then) {
		t.Errorf("%v, %v", list, err)
	}
}

func TestBookmarksComeAtTheirInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := start(t, apiservertest.WithInMemoryNetwork(), apiservertest.WithBookmarkInterval(7*time.Second))
		defer server.Close()
		events, err := newClient(t, server.Config()).CoreV1().Pods("").Watch(t.Context(), metav1.ListOptions{ResourceVersion: "1", AllowWatchBookmarks: true})
		if err != nil {
			t.Fatal(err)
		}
		defer events.Stop()
		begin := time.Now()
		if event := <-events.ResultChan(); event.Type != watch.Bookmark || time.Since(begin) != 7*time.Second {
			t.Errorf("%s after %v", event.Type, time.Since(begin))
		}
	})
}

func TestGarbageIsCollected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := start(t, apiservertest.WithInMemoryNetwork(), apiservertest.WithGarbageCollection())
		defer server.Close()
		configMaps := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
		owner, err := configMaps.Create(t.Context(), configMap("owner"), metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		owned := configMap("owned")
		owned.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: owner.Name, UID: owner.UID}}
		if _, err := configMaps.Create(t.Context(), owned, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := configMaps.Delete(t.Context(), owner.Name, metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := configMaps.Get(t.Context(), owned.Name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("the object whose owner is gone: %v", err)
		}
	})
}

func TestOldHistoryIsForgotten(t *testing.T) {
	server := apiservertest.NewServerForTest(t, apiservertest.WithHistory(3))
	before := server.Revision()
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		if err := server.Seed(t.Context(), configMap(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Restore(before); err == nil {
		t.Error("restored what was forgotten")
	}
}

// TestTheRecordIsJoinedWithHistory: what happened to an object, and which watch was told when.
func TestTheRecordIsJoinedWithHistory(t *testing.T) {
	server := apiservertest.NewServerForTest(t, apiservertest.WithCompleteHistory(), apiservertest.WithRecord(record.Options{}))
	configMaps := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
	events, err := configMaps.Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Stop()
	if _, err := configMaps.Create(t.Context(), configMap("a"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := configMaps.Patch(t.Context(), "a", types.MergePatchType, []byte(`{"data":{"k":"w"}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := configMaps.Delete(t.Context(), "a", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		<-events.ResultChan()
	}
	if err := server.Compact(); err != nil {
		t.Fatal(err)
	}
	trace := server.Record().Trace(server, schema.GroupResource{Resource: "configmaps"}, "default", "a")
	if len(trace.Steps) != 3 || len(trace.Strange) != 0 {
		t.Fatalf("%d steps, %d strange frames", len(trace.Steps), len(trace.Strange))
	}
	for i, step := range trace.Steps {
		if (step.Old == nil) != (i == 0) || (step.New == nil) != (i == 2) || len(step.Seen) != 1 {
			t.Errorf("step %d: %+v", i, step)
		}
	}
}
