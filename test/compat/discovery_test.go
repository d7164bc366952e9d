package compat

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apidiscovery "k8s.io/api/apidiscovery/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
	theirs "k8s.io/client-go/discovery"
	theirrest "k8s.io/client-go/rest"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	ours "github.com/kubewright/kubewright/pkg/discovery"
	"github.com/kubewright/kubewright/pkg/rest"
)

// documents is a server that answers with the document of a path, or with the status that it names. Documents whose names begin
// with "aggregated" are for those who ask for them.
type documents map[string]string

func (d documents) RoundTrip(req *http.Request) (*http.Response, error) {
	body, contentType := d[req.URL.Path], "application/json"
	if aggregated := d["aggregated"+req.URL.Path]; aggregated != "" && strings.Contains(req.Header.Get("Accept"), "as=APIGroupDiscoveryList") {
		body, contentType = aggregated, theirs.AcceptV2
	}
	code := http.StatusOK
	switch body {
	case "":
		code, body = http.StatusNotFound, "404 page not found"
	case "403":
		code = http.StatusForbidden
	case "503":
		code = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// with returns the documents with other ones, in pairs of path and document.
func (d documents) with(pairs ...string) documents {
	changed := maps.Clone(d)
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i]] = pairs[i+1]
	}
	return changed
}

// discoverer is what both projects' discovery clients are.
type discoverer interface {
	GroupsAndMaybeResources() (*metav1.APIGroupList, map[schema.GroupVersion]*metav1.APIResourceList, map[schema.GroupVersion]error, error)
	ServerGroups() (*metav1.APIGroupList, error)
	ServerGroupsAndResources() ([]*metav1.APIGroup, []*metav1.APIResourceList, error)
	ServerPreferredResources() ([]*metav1.APIResourceList, error)
	ServerPreferredNamespacedResources() ([]*metav1.APIResourceList, error)
	ServerResourcesForGroupVersion(string) (*metav1.APIResourceList, error)
	ServerVersion() (*version.Info, error)
}

func oursOn(t *testing.T, transport http.RoundTripper) *ours.DiscoveryClient {
	t.Helper()
	client, err := ours.NewDiscoveryClientForConfig(&rest.Config{Host: "https://host", Transport: transport, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func theirsOn(t *testing.T, transport http.RoundTripper) *theirs.DiscoveryClient {
	t.Helper()
	client, err := theirs.NewDiscoveryClientForConfig(&theirrest.Config{Host: "https://host", Transport: transport, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answers returns what a client answers to all questions, by their names. isEnabled and supports are functions of its package.
func answers(d discoverer, isEnabled func(schema.GroupVersionResource) (bool, error), supports func(schema.GroupVersion) error) map[string]string {
	all := map[string]string{}
	groups, resources, failed, err := d.GroupsAndMaybeResources()
	all["groups and maybe resources"] = shown(groups, shownResources(resources), shownErrors(failed), shownError(err))
	groups, err = d.ServerGroups()
	all["groups"] = shown(groups, shownError(err))
	pointers, lists, err := d.ServerGroupsAndResources()
	// client-go lists the versions of an aggregated document in the order of a map.
	all["groups and resources"] = shown(pointers, sorted(lists, false), shownError(err))
	// It lists the resources of a version, too, in that of a map.
	lists, err = d.ServerPreferredResources()
	all["preferred"] = shown(sorted(lists, true), shownError(err))
	lists, err = d.ServerPreferredNamespacedResources()
	all["preferred in namespaces"] = shown(sorted(lists, true), shownError(err))
	for _, gv := range []string{"v1", "x.io/v1", "x.io/v2", "none.io/v1", ""} {
		list, err := d.ServerResourcesForGroupVersion(gv)
		if list != nil { // client-go leaves the kind of the document in it, unless that is aggregated
			list.TypeMeta = metav1.TypeMeta{}
		}
		all["resources of "+gv] = shown(list, shownError(err))
	}
	for _, gvr := range []schema.GroupVersionResource{{Version: "v1", Resource: "pods"}, {Group: "x.io", Version: "v2", Resource: "a"}, {Group: "x.io", Version: "v3", Resource: "a"}} {
		enabled, err := isEnabled(gvr)
		all["enabled "+gvr.String()] = shown(enabled, shownError(err))
		all["supported "+gvr.String()] = shown(supports(gvr.GroupVersion()) == nil)
	}
	v, err := d.ServerVersion()
	all["version"] = shown(v, shownError(err))
	return all
}

func shown(values ...any) string {
	data, err := json.MarshalIndent(values, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func shownResources(resources map[schema.GroupVersion]*metav1.APIResourceList) any {
	if resources == nil {
		return "none"
	}
	byName := map[string]*metav1.APIResourceList{}
	for gv, list := range resources {
		byName[gv.String()] = list
	}
	return byName
}

func shownErrors(failed map[schema.GroupVersion]error) any {
	if failed == nil {
		return "none"
	}
	byName := map[string]any{}
	for gv, err := range failed {
		byName[gv.String()] = shownError(err)
	}
	return byName
}

// shownError returns what programs can tell about an error: not its text.
func shownError(err error) any {
	if failed, ok := ours.GroupDiscoveryFailedErrorGroups(err); ok {
		return shownErrors(failed)
	}
	if failed, ok := theirs.GroupDiscoveryFailedErrorGroups(err); ok {
		return shownErrors(failed)
	}
	var stale ours.StaleGroupVersionError
	var theirStale theirs.StaleGroupVersionError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &stale), errors.As(err, &theirStale):
		return "stale"
	}
	return fmt.Sprintf("error %q", apierrors.ReasonForError(err))
}

func sorted(lists []*metav1.APIResourceList, resourcesToo bool) []*metav1.APIResourceList {
	lists = slices.Clone(lists)
	slices.SortFunc(lists, func(a, b *metav1.APIResourceList) int { return strings.Compare(a.GroupVersion, b.GroupVersion) })
	for _, list := range lists {
		list.TypeMeta = metav1.TypeMeta{}
		if resourcesToo {
			slices.SortFunc(list.APIResources, func(a, b metav1.APIResource) int { return strings.Compare(a.Name, b.Name) })
		}
	}
	return lists
}

const (
	coreUnknown  = "client-go takes a core version that is not found for one without resources"
	onlyCore     = "a server with nothing but the core group is one, too"
	staleDropped = "client-go forgets which versions are stale if one of the two paths has no aggregated document"
)

// discoveryDifferences are the answers that differ on purpose, by case and question.
var discoveryDifferences = map[string]string{
	"core version is not found: preferred":                     coreUnknown,
	"core version is not found: preferred in namespaces":       coreUnknown,
	"core version is not found: groups and resources":          coreUnknown,
	"core version is not found: resources of v1":               coreUnknown,
	"forbidden: resources of v1":                               coreUnknown,
	"no API server: resources of v1":                           coreUnknown,
	"aggregated groups only: preferred":                        staleDropped,
	"aggregated groups only: preferred in namespaces":          staleDropped,
	"aggregated groups only: groups and resources":             staleDropped,
	"nothing but the core group: preferred":                    onlyCore,
	"nothing but the core group: preferred in namespaces":      onlyCore,
	"nothing but the core group: groups and resources":         onlyCore,
	"nothing but the core group: groups":                       onlyCore,
	"nothing but the core group: groups and maybe resources":   onlyCore,
	"nothing but the core group: supported /v1, Resource=pods": onlyCore,
}

func TestDiscovery(t *testing.T) {
	aggregated := documents{
		"/version": `{"major":"1","minor":"36","gitVersion":"v1.36.3"}`,
		"/api":     `{"kind":"APIVersions","versions":["v1"]}`,
		"/apis": `{"kind":"APIGroupList","apiVersion":"v1","groups":[
			{"name":"x.io","versions":[{"groupVersion":"x.io/v3","version":"v3"},{"groupVersion":"x.io/v2","version":"v2"},{"groupVersion":"x.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"x.io/v1","version":"v1"}},
			{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}]}, {"name":"empty.io"}]}`,
		"/api/v1": `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]},
			{"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"nodes","kind":"Node","verbs":["get","list"]}]}`,
		"/apis/apps/v1": `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[{"name":"deployments","kind":"Deployment","namespaced":true}]}`,
		"/apis/x.io/v3": `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"x.io/v3","resources":[{"name":"a","kind":"A"}]}`,
		"/apis/x.io/v2": `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"x.io/v2","resources":[{"name":"old","kind":"Old"},
			{"name":"a","kind":"A"},{"name":"b","kind":"B","namespaced":true},{"name":"b/scale","kind":"B","namespaced":true}]}`,
		"/apis/x.io/v1": `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"x.io/v1","resources":[{"name":"a","kind":"A"}]}`,
		"aggregated/api": `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
			{"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","verbs":["get"],"shortNames":["po"],"categories":["all"],"subresources":[
				{"subresource":"status","responseKind":{"group":"","version":"","kind":"Pod"},"verbs":["get"]},
				{"subresource":"eviction","responseKind":{"group":"policy","version":"v1","kind":"Eviction"},"verbs":["create"]},
				{"subresource":"nothing","verbs":["create"]}]}]}]}]}`,
		"aggregated/apis": `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{"name":"x.io"},"versions":[
			{"version":"v2","freshness":"Current","resources":[
				{"resource":"noresp","scope":"Cluster","singularResource":"s","verbs":["get"],"subresources":[{"subresource":"sub","responseKind":{"group":"","version":"","kind":"S"},"verbs":["get"]}]},
				{"resource":"emptyresp","responseKind":{"group":"","version":"","kind":""},"scope":"Cluster","verbs":["get"]}]},
			{"version":"v1","freshness":"Stale","resources":[{"resource":"st","responseKind":{"group":"","version":"","kind":"St"},"scope":"Cluster","verbs":["get"]}]},
			{"version":"v1alpha1","freshness":"Stale"},{"version":"v1alpha2","freshness":"Current"}]},
			{"metadata":{"name":"empty.io"}}, {"metadata":{"name":"down.io"},"versions":[{"version":"v2","freshness":"Stale"},{"version":"v1"}]}]}`,
	}
	plain := aggregated.with("aggregated/api", "", "aggregated/apis", "")
	for name, served := range map[string]http.RoundTripper{
		"aggregated":                  aggregated,
		"plain":                       plain,
		"server for tests":            testServer(t),
		"aggregated groups only":      aggregated.with("aggregated/api", ""),
		"aggregated core only":        aggregated.with("aggregated/apis", ""),
		"no core group":               aggregated.with("aggregated/api", "", "/api", ""),
		"no core group, plain":        plain.with("/api", ""),
		"core group is forbidden":     aggregated.with("aggregated/api", "", "/api", "403"),
		"core group is not available": aggregated.with("aggregated/api", "", "/api", "503"),
		"nothing but the core group":  aggregated.with("aggregated/apis", "", "/apis", ""),
		"groups are forbidden":        plain.with("/apis", "403"),
		"groups are not available":    plain.with("/apis", "503"),
		"aggregated is cut off":       aggregated.with("aggregated/apis", "{"),
		"no API server":               documents{},
		"forbidden":                   documents{"/api": "403", "/apis": "403", "/version": "403"},
		"a version is forbidden":      plain.with("/apis/x.io/v2", "403"),
		"versions are not available":  plain.with("/apis/x.io/v1", "503", "/apis/x.io/v2", "503"),
		"versions are not found":      plain.with("/apis/x.io/v1", "", "/apis/apps/v1", ""),
		"core version is not found":   plain.with("/api/v1", ""),
		"core version is forbidden":   plain.with("/api/v1", "403"),
	} {
		t.Run(name, func(t *testing.T) {
			our, their := oursOn(t, served), theirsOn(t, served)
			got := answers(our, func(gvr schema.GroupVersionResource) (bool, error) { return ours.IsResourceEnabled(our, gvr) },
				func(gv schema.GroupVersion) error { return ours.ServerSupportsVersion(our, gv) })
			want := answers(their, func(gvr schema.GroupVersionResource) (bool, error) { return theirs.IsResourceEnabled(their, gvr) },
				func(gv schema.GroupVersion) error { return theirs.ServerSupportsVersion(their, gv) })
			for question := range want {
				reason, differs := discoveryDifferences[name+": "+question]
				if diff := cmp.Diff(want[question], got[question]); (diff != "") != differs {
					t.Errorf("%s: in the table of differences: %q; (-client-go +ours):\n%s", question, reason, diff)
				}
			}
		})
	}
}

// TestDiscoveryOfRandomGroups compares the rules by which documents are split, sorted and merged.
func TestDiscoveryOfRandomGroups(t *testing.T) {
	for seed := range uint64(300) {
		list := randomGroups(rand.New(rand.NewPCG(seed, 0)))
		gotGroups, gotResources, gotFailed := ours.SplitGroupsAndResources(*list.DeepCopy())
		wantGroups, wantResources, wantFailed := theirs.SplitGroupsAndResources(*list.DeepCopy())
		got := shown(gotGroups, shownResources(gotResources), shownErrors(gotFailed))
		want := shown(wantGroups, shownResources(wantResources), shownErrors(wantFailed))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: split (-client-go +ours):\n%s", seed, diff)
		}
		served := asDocuments(wantGroups, wantResources, seed)
		our, their := oursOn(t, served), theirsOn(t, served)
		no := func(schema.GroupVersionResource) (bool, error) { return false, nil }
		never := func(schema.GroupVersion) error { return nil }
		if diff := cmp.Diff(answers(their, no, never), answers(our, no, never)); diff != "" {
			t.Fatalf("seed %d: answers (-client-go +ours):\n%s", seed, diff)
		}
		lists := slices.Collect(maps.Values(wantResources))
		verbs := []string{"get", "list"}[:seed%3]
		filtered, theirFiltered := ours.FilteredBy(ours.SupportsAllVerbs{Verbs: verbs}, lists), theirs.FilteredBy(theirs.SupportsAllVerbs{Verbs: verbs}, lists)
		if diff := cmp.Diff(theirFiltered, filtered); diff != "" {
			t.Fatalf("seed %d: filtered by %v (-client-go +ours):\n%s", seed, verbs, diff)
		}
		all, err := ours.GroupVersionResources(lists)
		theirAll, theirErr := theirs.GroupVersionResources(lists)
		if diff := cmp.Diff(theirAll, all); diff != "" || (err == nil) != (theirErr == nil) {
			t.Fatalf("seed %d: resources, errors %v and %v (-client-go +ours):\n%s", seed, theirErr, err, diff)
		}
	}
}

// randomGroups returns groups whose versions have resources with the same few names.
func randomGroups(r *rand.Rand) *apidiscovery.APIGroupDiscoveryList {
	kinds := []*metav1.GroupVersionKind{nil, {}, {Kind: "K"}, {Group: "other", Version: "v1", Kind: "K"}, {Version: "v1"}}
	list := &apidiscovery.APIGroupDiscoveryList{}
	for _, g := range r.Perm(3)[:r.IntN(4)] {
		group := apidiscovery.APIGroupDiscovery{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("g%d", g)}}
		for _, v := range r.Perm(3)[:r.IntN(4)] {
			version := apidiscovery.APIVersionDiscovery{Version: fmt.Sprintf("v%d", v), Freshness: []apidiscovery.DiscoveryFreshness{"", "Current", "Current", "Stale"}[r.IntN(4)]}
			for _, n := range r.Perm(4)[:r.IntN(5)] {
				resource := apidiscovery.APIResourceDiscovery{
					Resource: fmt.Sprintf("r%d", n), SingularResource: "r", ResponseKind: kinds[r.IntN(len(kinds))],
					Scope: []apidiscovery.ResourceScope{"Namespaced", "Cluster", ""}[r.IntN(3)], Verbs: []string{"get", "list", "watch"}[:r.IntN(4)],
					ShortNames: []string{"s"}[:r.IntN(2)], Categories: []string{"all"}[:r.IntN(2)],
				}
				for range r.IntN(2) {
					resource.Subresources = append(resource.Subresources, apidiscovery.APISubresourceDiscovery{
						Subresource: "status", ResponseKind: kinds[r.IntN(len(kinds))], Verbs: []string{"get"}[:r.IntN(2)],
					})
				}
				version.Resources = append(version.Resources, resource)
			}
			group.Versions = append(group.Versions, version)
		}
		list.Items = append(list.Items, group)
	}
	return list
}

// asDocuments returns what a server without the aggregated document answers. It fails for some of the versions, and prefers the
// last one of each group.
func asDocuments(groups *metav1.APIGroupList, resources map[schema.GroupVersion]*metav1.APIResourceList, seed uint64) documents {
	text := func(obj any) string {
		data, err := json.Marshal(obj)
		if err != nil {
			panic(err)
		}
		return string(data)
	}
	groups = groups.DeepCopy()
	served := documents{"/version": "{}"}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range groups.Groups {
		group := &groups.Groups[i]
		for _, v := range group.Versions {
			group.PreferredVersion = v
			list := resources[schema.GroupVersion{Group: group.Name, Version: v.Version}].DeepCopy()
			list.TypeMeta = metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}
			served["/apis/"+v.GroupVersion] = text(list)
			if r.IntN(4) == 0 {
				served["/apis/"+v.GroupVersion] = "503"
			}
		}
	}
	groups.TypeMeta = metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}
	served["/apis"] = text(groups)
	served["/api/v1"] = "503"
	return served
}

func TestContentTypeIsGVK(t *testing.T) {
	gvk := schema.GroupVersionKind{Group: "apidiscovery.k8s.io", Version: "v2", Kind: "APIGroupDiscoveryList"}
	for _, contentType := range []string{
		"", "application/json", "application/json;;;", "application/json;v=v2", ours.AcceptV1, ours.AcceptV2, ours.AcceptV2NoPeer,
		"application/json; as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io;charset=utf-8",
		"APPLICATION/JSON;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
		"application/json;g=apidiscovery.k8s.io;v=v2;as=apigroupdiscoverylist",
		"application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
		"text/plain;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
	} {
		got, err := ours.ContentTypeIsGVK(contentType, gvk)
		want, theirErr := theirs.ContentTypeIsGVK(contentType, gvk)
		if got != want || (err == nil) != (theirErr == nil) {
			t.Errorf("%q: %v, error %v, client-go %v, error %v", contentType, got, err, want, theirErr)
		}
	}
	if ours.AcceptV1 != theirs.AcceptV1 || ours.AcceptV2 != theirs.AcceptV2 || ours.AcceptV2NoPeer != theirs.AcceptV2NoPeer {
		t.Errorf("%s, %s, %s", ours.AcceptV1, ours.AcceptV2, ours.AcceptV2NoPeer)
	}
}

// testServer returns the way to a server that has all built-in resources.
func testServer(t *testing.T) http.RoundTripper {
	server, err := apiservertest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	client, err := rest.HTTPClientFor(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	host, err := url.Parse(server.Config().Host)
	if err != nil {
		t.Fatal(err)
	}
	return toServer{client.Transport, host}
}

// toServer sends requests for any host to one.
type toServer struct {
	http.RoundTripper
	host *url.URL
}

func (s toServer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = s.host.Scheme, s.host.Host, s.host.Host
	return s.RoundTripper.RoundTrip(req)
}
