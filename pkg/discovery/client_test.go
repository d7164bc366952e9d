package discovery

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestMain(m *testing.M) { canary.Main(m) }

// pages is a server that answers with the page of a path, or the code that it stands for.
type pages map[string]string

func (p pages) RoundTrip(req *http.Request) (*http.Response, error) {
	code, body := http.StatusOK, p[req.URL.Path]
	switch body {
	case "":
		code, body = http.StatusNotFound, "404 page not found"
	case "503":
		code = http.StatusServiceUnavailable
	case "403":
		code = http.StatusForbidden
	}
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

var allPages = pages{
	"/version":            `{"major":"1","minor":"36","gitVersion":"v1.36.3"}`,
	"/api":                `{"kind":"APIVersions","versions":["v1"]}`,
	"/apis":               `{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},{"name":"x.io","versions":[{"groupVersion":"x.io/v2","version":"v2"},{"groupVersion":"x.io/v1","version":"v1"}]}]}`,
	"/api/v1":             `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]}]}`,
	"/apis/apps/v1":       `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[{"name":"deployments","kind":"Deployment"}]}`,
	"/apis/x.io/v2":       `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"x.io/v2","resources":[]}`,
	"/apis/x.io/v1":       `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"x.io/v1","resources":[]}`,
	"/prefix/api/v1/more": `not asked for`,
}

func (p pages) without(path string) pages { return p.with(path, "") }

func (p pages) with(path, page string) pages {
	changed := pages{path: page}
	for k, v := range p {
		if k != path {
			changed[k] = v
		}
	}
	return changed
}

func client(t *testing.T, p pages) *DiscoveryClient {
	t.Helper()
	d, err := NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", Transport: p, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) string {
	var all []string
	for _, g := range groups {
		all = append(all, "group "+g.Name)
	}
	for _, l := range lists {
		all = append(all, l.GroupVersion)
		for _, r := range l.APIResources {
			all = append(all, r.Name)
		}
	}
	return strings.Join(all, ", ")
}

func TestServerVersion(t *testing.T) {
	v, err := client(t, allPages).ServerVersion()
	if err != nil || v.GitVersion != "v1.36.3" {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := client(t, allPages.with("/version", "<html>")).ServerVersion(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "unable to parse the server version") {
		t.Errorf("error %v", err)
	}
}

func TestServerGroups(t *testing.T) {
	got, err := client(t, allPages).ServerGroups()
	if err != nil {
		t.Fatal(err)
	}
	want := &metav1.APIGroupList{Groups: []metav1.APIGroup{
		{Versions: []metav1.GroupVersionForDiscovery{{GroupVersion: "v1", Version: "v1"}}, PreferredVersion: metav1.GroupVersionForDiscovery{GroupVersion: "v1", Version: "v1"}},
		{Name: "apps", Versions: []metav1.GroupVersionForDiscovery{{GroupVersion: "apps/v1", Version: "v1"}}, PreferredVersion: metav1.GroupVersionForDiscovery{GroupVersion: "apps/v1", Version: "v1"}},
		{Name: "x.io", Versions: []metav1.GroupVersionForDiscovery{{GroupVersion: "x.io/v2", Version: "v2"}, {GroupVersion: "x.io/v1", Version: "v1"}}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestServerWithoutOneOfTheRoots(t *testing.T) {
	if got, err := client(t, allPages.without("/api")).ServerGroups(); err != nil || len(got.Groups) != 2 {
		t.Errorf("without /api: %v, %v", got, err)
	}
	if got, err := client(t, allPages.without("/apis")).ServerGroups(); err != nil || len(got.Groups) != 1 {
		t.Errorf("without /apis: %v, %v", got, err)
	}
	for _, path := range []string{"/api", "/apis"} {
		if got, err := client(t, allPages.with(path, "403")).ServerGroups(); !apierrors.IsForbidden(err) || got != nil {
			t.Errorf("%s is forbidden: %v, %v: what is unknown is not absent", path, got, err)
		}
	}
}

func TestServerGroupsAndResources(t *testing.T) {
	groups, lists, err := client(t, allPages).ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(groups, lists), "group , group apps, group x.io, v1, pods, apps/v1, deployments, x.io/v2, x.io/v1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestPartialFailureReturnsWhatIsThere(t *testing.T) {
	groups, lists, err := client(t, allPages.with("/apis/x.io/v2", "503")).ServerGroupsAndResources()
	if got, want := names(groups, lists), "group , group apps, group x.io, v1, pods, apps/v1, deployments, x.io/v1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	failed, ok := GroupDiscoveryFailedErrorGroups(err)
	gv := schema.GroupVersion{Group: "x.io", Version: "v2"}
	if !ok || len(failed) != 1 || !apierrors.IsServiceUnavailable(failed[gv]) {
		t.Errorf("failed %v", failed)
	}
	if !IsGroupDiscoveryFailedError(err) || !errors.Is(err, &ErrGroupDiscoveryFailed{}) || !strings.Contains(canary.Err(t, err).Error(), "x.io/v2: ") {
		t.Errorf("error %v", err)
	}
	if IsGroupDiscoveryFailedError(io.EOF) {
		t.Error("io.EOF is taken for a failure of discovery")
	}
}

func TestHostileGroupDoesNotRetarget(t *testing.T) {
	p := allPages.with("/apis", `{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"x","versions":[{"groupVersion":"../version","version":"v1"},{"groupVersion":"a/b/c","version":"c"}]}]}`)
	_, lists, err := client(t, p).ServerGroupsAndResources()
	failed, _ := GroupDiscoveryFailedErrorGroups(err)
	if len(failed) != 2 || names(nil, lists) != "v1, pods" {
		t.Errorf("lists %s, failed %v", names(nil, lists), failed)
	}
}

func TestServerResourcesForGroupVersion(t *testing.T) {
	d := client(t, allPages)
	for groupVersion, want := range map[string]string{"v1": "v1, pods", "apps/v1": "apps/v1, deployments"} {
		list, err := d.ServerResourcesForGroupVersion(groupVersion)
		if err != nil || names(nil, []*metav1.APIResourceList{list}) != want {
			t.Errorf("%s: %v, %v", groupVersion, list, err)
		}
	}
	if _, err := d.ServerResourcesForGroupVersion("none/v1"); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	for _, bad := range []string{"", "a/b/c"} {
		if _, err := d.ServerResourcesForGroupVersion(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
	d.LegacyPrefix = ""
	if _, err := d.ServerResourcesForGroupVersion("v1"); err == nil {
		t.Error("no error for the core group of a server without")
	}
}

func TestCancelledDiscovery(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, err := NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", QPS: -1, Transport: waiting{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.ServerGroupsAndResourcesWithContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// waiting answers nothing.
type waiting struct{}

func (waiting) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestClientIsMadeFromACopyOfTheConfig(t *testing.T) {
	gv := schema.GroupVersion{Group: "g", Version: "v"}
	config := &rest.Config{Host: "https://host", APIPath: "/apis", ContentConfig: rest.ContentConfig{GroupVersion: &gv}}
	d, err := NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if config.APIPath != "/apis" || config.GroupVersion != &gv || config.Timeout != 0 || config.UserAgent != "" {
		t.Errorf("the config was changed: %v", config)
	}
	if got := d.RESTClient().Get().AbsPath("/x").URL().String(); got != "https://host/x?timeout=32s" {
		t.Errorf("URL %s", got)
	}
	if (*DiscoveryClient)(nil).RESTClient() != nil {
		t.Error("a nil client has a RESTClient")
	}
	if _, err := NewDiscoveryClientForConfig(&rest.Config{Host: "ftp://h"}); err == nil {
		t.Error("no error for a wrong host")
	}
}
