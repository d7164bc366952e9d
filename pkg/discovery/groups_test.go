package discovery

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/rest"
)

// aggregating is a server that has the aggregated document at some paths, and notes what it is asked.
type aggregating struct {
	pages
	aggregated pages

	mu    sync.Mutex // guards asked
	asked []string   // path and Accept
}

func (a *aggregating) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	accept := req.Header.Get("Accept")
	a.asked = append(a.asked, req.URL.Path+" "+accept)
	if a.aggregated[req.URL.Path] == "" || !strings.Contains(accept, AcceptV2) {
		return a.pages.RoundTrip(req)
	}
	resp, err := a.aggregated.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusOK {
		resp.Header.Set("Content-Type", "application/json;v=v2;as=APIGroupDiscoveryList;g=apidiscovery.k8s.io")
	}
	return resp, err
}

var allAggregated = pages{
	"/api": `{"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[{"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["get"]}]}]}]}`,
	"/apis": `{"kind":"APIGroupDiscoveryList","items":[
		{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced",
			"subresources":[{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"}}]}]}]},
		{"metadata":{"name":"x.io"},"versions":[{"version":"v2","freshness":"Stale","resources":[{"resource":"old","responseKind":{"kind":"Old"}}]},{"version":"v1"}]}]}`,
}

func aggregatedClient(t *testing.T, a *aggregating) *DiscoveryClient {
	t.Helper()
	d, err := NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", Transport: a, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAggregatedDocumentTakesTwoRequests(t *testing.T) {
	server := &aggregating{pages: allPages, aggregated: allAggregated}
	groups, lists, err := aggregatedClient(t, server).ServerGroupsAndResources()
	if got, want := names(groups, lists), "group , group apps, group x.io, v1, pods, apps/v1, deployments, deployments/scale, x.io/v1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	failed, _ := GroupDiscoveryFailedErrorGroups(err)
	gv := schema.GroupVersion{Group: "x.io", Version: "v2"}
	if len(failed) != 1 || failed[gv] != (StaleGroupVersionError{gv}) || !strings.Contains(err.Error(), "stale GroupVersion discovery: x.io/v2") {
		t.Errorf("error %v", err)
	}
	slices.Sort(server.asked)
	accept := AcceptV2 + "," + AcceptV1
	if diff := cmp.Diff([]string{"/api " + accept, "/apis " + accept}, server.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestFormatsThatAreAskedFor(t *testing.T) {
	server := &aggregating{pages: allPages, aggregated: allAggregated}
	d := aggregatedClient(t, server)
	d.LegacyPrefix = ""
	d.NoPeerDiscovery = true
	legacy := d.WithLegacy()
	for _, ask := range []func() (*metav1.APIGroupList, error){d.ServerGroups, legacy.ServerGroups} {
		if groups, err := ask(); err != nil || len(groups.Groups) != 2 {
			t.Errorf("%v, error %v", groups, err)
		}
	}
	if diff := cmp.Diff([]string{"/apis " + AcceptV2NoPeer + "," + AcceptV2 + "," + AcceptV1, "/apis " + AcceptV1}, server.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if d.UseLegacyDiscovery || !d.WithLegacyWithContext(t.Context()).(*DiscoveryClient).UseLegacyDiscovery {
		t.Error("WithLegacy makes no copy")
	}
}

// Where one of the two paths has no aggregated document, all versions are asked for, and those that the other says are stale
// are still unknown.
func TestStaleVersionsAreNotForgotten(t *testing.T) {
	server := &aggregating{pages: allPages, aggregated: allAggregated.without("/api")}
	groups, lists, err := aggregatedClient(t, server).ServerGroupsAndResources()
	if got, want := names(groups, lists), "group , group apps, group x.io, v1, pods, apps/v1, deployments, x.io/v1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if failed, _ := GroupDiscoveryFailedErrorGroups(err); failed[schema.GroupVersion{Group: "x.io", Version: "v2"}] == nil {
		t.Errorf("error %v", err)
	}
}

func TestServerWithNoneOfTheRoots(t *testing.T) {
	if got, err := client(t, pages{}).ServerGroups(); !apierrors.IsNotFound(err) || got != nil {
		t.Errorf("%v, error %v", got, err)
	}
	d := client(t, allPages.without("/apis"))
	d.LegacyPrefix = ""
	if got, err := d.ServerGroups(); !apierrors.IsNotFound(err) || got != nil {
		t.Errorf("without core group: %v, error %v", got, err)
	}
}

// TestNothingIsNoAnswer: a body that says nothing must not make groups and resources seem absent.
func TestNothingIsNoAnswer(t *testing.T) {
	for _, body := range []string{"null", "{}", "[]", `{"kind":"Status","status":"Success"}`, "{", "garbage"} {
		for _, path := range []string{"/api", "/apis"} {
			if _, err := client(t, allPages.with(path, body)).ServerGroups(); err == nil {
				t.Errorf("%s at %s: no error", body, path)
			}
			server := &aggregating{pages: allPages, aggregated: allAggregated.with(path, body)}
			if _, err := aggregatedClient(t, server).ServerGroups(); err == nil {
				t.Errorf("%s at %s, aggregated: no error", body, path)
			}
		}
		if _, err := client(t, allPages).ServerResourcesForGroupVersion("apps/v1"); err != nil {
			t.Fatal(err)
		}
		if list, err := client(t, allPages.with("/apis/apps/v1", body)).ServerResourcesForGroupVersion("apps/v1"); err == nil {
			t.Errorf("%s as resources: %v", body, list)
		}
	}
}

// endless is a server whose answers do not end.
type endless struct{}

func (endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(zeros{})}, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestAnswersAreBounded(t *testing.T) {
	d, err := NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", Transport: endless{}, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func() error{
		"groups":    func() error { _, err := d.ServerGroups(); return err },
		"resources": func() error { _, err := d.ServerResourcesForGroupVersion("v1"); return err },
		"version":   func() error { _, err := d.ServerVersion(); return err },
	} {
		if err := ask(); err == nil || !strings.Contains(err.Error(), "bytes that this request allows") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestServerForTests reads what a server answers that has all built-in resources, in both ways.
func TestServerForTests(t *testing.T) {
	server, err := apiservertest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	d, err := NewDiscoveryClientForConfig(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	// everything returns the names of all resources of a client.
	everything := func(d DiscoveryInterfaceWithContext) []string {
		_, lists, err := d.ServerGroupsAndResourcesWithContext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all, err := GroupVersionResources(lists)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for gvr := range all {
			names = append(names, gvr.String())
		}
		slices.Sort(names)
		return names
	}
	aggregated := everything(d)
	if diff := cmp.Diff(everything(d.WithLegacyWithContext(context.Background())), aggregated); diff != "" || len(aggregated) < 100 {
		t.Errorf("%d resources (-one by one +aggregated):\n%s", len(aggregated), diff)
	}
	document, err := d.OpenAPISchema()
	if err != nil || document.GetSwagger() != "2.0" || len(document.GetPaths().GetPath()) < 100 {
		t.Errorf("OpenAPI v2: error %v, swagger %s, %d paths", err, document.GetSwagger(), len(document.GetPaths().GetPath()))
	}
	paths, err := d.OpenAPIV3WithContext(t.Context()).PathsWithContext(t.Context())
	if err != nil || paths["api/v1"] == nil {
		t.Errorf("OpenAPI v3: error %v, paths %v", err, paths)
	}
}
