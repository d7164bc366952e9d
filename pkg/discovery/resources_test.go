package discovery

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/rest"
)

var preferring = allPages.with("/apis", `{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"x.io","versions":[{"groupVersion":"x.io/v3","version":"v3"},{"groupVersion":"x.io/v2","version":"v2"},{"groupVersion":"x.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"x.io/v1","version":"v1"}}]}`).
	with("/apis/x.io/v3", `{"kind":"APIResourceList","groupVersion":"x.io/v3","resources":[{"name":"both"},{"name":"new","namespaced":true},{"name":"new/status","namespaced":true}]}`).
	with("/apis/x.io/v2", `{"kind":"APIResourceList","groupVersion":"x.io/v2","resources":[{"name":"both"},{"name":"new","namespaced":true}]}`).
	with("/apis/x.io/v1", `{"kind":"APIResourceList","groupVersion":"x.io/v1","resources":[{"name":"both"}]}`)

func TestPreferredResources(t *testing.T) {
	d := client(t, preferring)
	lists, err := d.ServerPreferredResources()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(nil, lists), "v1, pods, x.io/v3, new, x.io/v2, x.io/v1, both"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	lists, err = d.ServerPreferredNamespacedResources()
	if got, want := names(nil, lists), "v1, pods, x.io/v3, new"; got != want || err != nil {
		t.Errorf("in namespaces: got %s, error %v\nwant %s", got, err, want)
	}
}

func TestPreferredResourcesOfWhatIsThere(t *testing.T) {
	lists, err := client(t, preferring.with("/apis/x.io/v1", "503")).ServerPreferredResources()
	if got, want := names(nil, lists), "v1, pods, x.io/v3, both, new, x.io/v2"; got != want || !IsGroupDiscoveryFailedError(err) {
		t.Errorf("got %s, error %v\nwant %s", got, err, want)
	}
	if lists, err := client(t, preferring.with("/apis", "503")).ServerPreferredResources(); lists != nil || !apierrors.IsServiceUnavailable(err) {
		t.Errorf("without groups: %v, error %v", lists, err)
	}
}

// slow answers after a second, which is longer than it takes for all requests to come that do so at the same time.
type slow struct{ pages }

func (s slow) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-time.After(time.Second):
		return s.pages.RoundTrip(req)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

func TestVersionsAreAskedForAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, err := NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", Transport: slow{allPages}, QPS: -1})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, _, err := d.ServerGroupsAndResources(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("groups and then versions took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		groups, lists, err := d.ServerGroupsAndResourcesWithContext(ctx)
		failed, _ := GroupDiscoveryFailedErrorGroups(err)
		if len(groups) != 3 || len(lists) != 0 || len(failed) != 4 || !errors.Is(failed[schema.GroupVersion{Version: "v1"}], context.DeadlineExceeded) {
			t.Errorf("%d groups, %d lists, error %v: all versions are unknown", len(groups), len(lists), err)
		}
	})
}

func TestFilteredByKeepsItsArgument(t *testing.T) {
	lists := []*metav1.APIResourceList{
		{GroupVersion: "v1", APIResources: []metav1.APIResource{{Name: "a", Verbs: []string{"get"}}, {Name: "b", Verbs: []string{"list", "get"}}}},
		{GroupVersion: "v2", APIResources: []metav1.APIResource{{Name: "c"}}},
	}
	filtered := FilteredBy(SupportsAllVerbs{Verbs: []string{"get", "list"}}, lists)
	if got := names(nil, filtered); got != "v1, b" {
		t.Errorf("filtered: %s", got)
	}
	if got := names(nil, lists); got != "v1, a, b, v2, c" {
		t.Errorf("the argument: %s", got)
	}
}

func TestGroupVersionResources(t *testing.T) {
	got, err := GroupVersionResources([]*metav1.APIResourceList{{GroupVersion: "apps/v1", APIResources: []metav1.APIResource{{Name: "deployments"}}}})
	if diff := cmp.Diff(map[schema.GroupVersionResource]struct{}{{Group: "apps", Version: "v1", Resource: "deployments"}: {}}, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if _, err := GroupVersionResources([]*metav1.APIResourceList{{GroupVersion: "a/b/c"}}); err == nil {
		t.Error("a/b/c is a version")
	}
}

func TestQuestions(t *testing.T) {
	d := client(t, allPages.with("/apis/x.io/v1", "503"))
	for gvr, want := range map[schema.GroupVersionResource]bool{
		{Version: "v1", Resource: "pods"}:                true,
		{Version: "v1", Resource: "nodes"}:               false,
		{Group: "none", Version: "v1", Resource: "pods"}: false,
	} {
		if got, err := IsResourceEnabled(d, gvr); got != want || err != nil {
			t.Errorf("%s is enabled: %v, error %v", gvr, got, err)
		}
	}
	if enabled, err := IsResourceEnabled(d, schema.GroupVersionResource{Group: "x.io", Version: "v1", Resource: "x"}); enabled || !apierrors.IsServiceUnavailable(err) {
		t.Errorf("unknown: %v, error %v", enabled, err)
	}
	if err := MatchesServerVersion(version.Info{GitVersion: "v1.36.3"}, d); err != nil {
		t.Error(err)
	}
	if err := MatchesServerVersion(version.Info{GitVersion: "v1.35.0"}, d); err == nil || !strings.Contains(err.Error(), "v1.36.3") {
		t.Errorf("error %v", err)
	}
	if err := MatchesServerVersion(version.Info{}, client(t, pages{})); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	if err := ServerSupportsVersion(d, schema.GroupVersion{Group: "x.io", Version: "v1"}); err != nil {
		t.Error(err)
	}
	if err := ServerSupportsVersion(d, schema.GroupVersion{Group: "x.io", Version: "v9"}); err == nil || !strings.Contains(err.Error(), `"x.io/v9"`) {
		t.Errorf("error %v", err)
	}
	if err := ServerSupportsVersion(client(t, pages{}), schema.GroupVersion{Version: "v1"}); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestOpenAPISchema(t *testing.T) {
	// Field 1 of the message, swagger, and what is no message but parsed as one.
	if document, err := client(t, allPages.with("/openapi/v2", "\x0a\x032.0")).OpenAPISchema(); err != nil || document.GetSwagger() != "2.0" {
		t.Errorf("%v, error %v", document, err)
	}
	for _, body := range []string{"xx", "\x0a\xff", "{}"} {
		if document, err := client(t, allPages.with("/openapi/v2", body)).OpenAPISchema(); err == nil {
			t.Errorf("%q: %v", body, document)
		}
	}
	if _, err := client(t, allPages).OpenAPISchema(); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}
