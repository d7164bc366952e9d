package request

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

func parse(method, target string) Info { return Parse(httptest.NewRequest(method, target, nil)) }

func TestParse(t *testing.T) {
	for _, c := range []struct{ method, target, want string }{
		{"GET", "/version", "get /version"},
		{"GET", "/api/v1", "get /api/v1"},
		{"GET", "/apis/apps", "get /apis/apps"},
		{"GET", "/apis/apps/v1", "get /apis/apps/v1"},
		{"GET", "/api/v1/pods", "list pods"},
		{"HEAD", "/api/v1/pods", "list pods"},
		{"GET", "/api/v1/pods?watch=1", "watch pods"},
		{"GET", "/api/v1/pods?watch=", "watch pods"},
		{"GET", "/api/v1/pods?watch=False", "list pods"},
		{"GET", "/api/v1/watch/pods", "watch pods"},
		{"GET", "/api/v1/watch/namespaces/a/pods/b", "watch pods a/b"},
		{"GET", "/api/v1/watch", "list watch"},
		{"GET", "/api/v1/namespaces/a/pods", "list pods a/"},
		{"GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db", "list pods a/b"},
		{"GET", "/api/v1/namespaces/a/pods?fieldSelector=%3D%3D%3D", "list pods a/"},
		{"GET", "/api/v1/namespaces/a/pods/b?watch=1", "get pods a/b"},
		{"GET", "/api/v1/namespaces/a/pods/b/log", "get pods/log a/b"},
		{"POST", "/api/v1/namespaces/a/pods", "create pods a/"},
		{"POST", "/api/v1/namespaces/a/pods/b/eviction", "create pods/eviction a/b"},
		{"PUT", "/apis/apps/v1/namespaces/a/deployments/b/scale", "update deployments.apps/scale a/b"},
		{"PATCH", "/api/v1/nodes/b", "patch nodes b"},
		{"DELETE", "/api/v1/nodes/b", "delete nodes b"},
		{"DELETE", "/api/v1/nodes", "deletecollection nodes"},
		{"GET", "/api/v1/namespaces", "list namespaces"},
		{"GET", "/api/v1/namespaces/a", "get namespaces a/a"},
		{"PUT", "/api/v1/namespaces/a/finalize", "update namespaces/finalize a/a"},
		{"OPTIONS", "/api/v1/pods", "options pods"},
	} {
		if got := parse(c.method, c.target).String(); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.target, got, c.want)
		}
	}
}

func TestMatchSelectsWhatAllFieldsSay(t *testing.T) {
	request := func(info Info) Info { info.User, info.UserAgent = "ann", "kubectl/v1.36"; return info }
	get := request(parse(http.MethodGet, "/api/v1/namespaces/a/pods/b"))
	log := request(parse(http.MethodGet, "/api/v1/namespaces/a/pods/b/log"))
	pods, events := schema.GroupResource{Resource: "pods"}, schema.GroupResource{Group: "events.k8s.io", Resource: "events"}
	for name, c := range map[string]struct {
		match    Match
		get, log bool
	}{
		"all":             {Match{}, true, true},
		"verb":            {Match{Verbs: []string{"list", "get"}}, true, true},
		"other verb":      {Match{Verbs: []string{"list"}}, false, false},
		"resource":        {Match{Resources: []schema.GroupResource{events, pods}}, true, true},
		"other resource":  {Match{Resources: []schema.GroupResource{events}}, false, false},
		"subresource":     {Match{Subresources: []string{"log"}}, false, true},
		"object itself":   {Match{Subresources: []string{""}}, true, false},
		"namespace":       {Match{Namespace: "a"}, true, true},
		"other namespace": {Match{Namespace: "b"}, false, false},
		"name":            {Match{Name: "b"}, true, true},
		"other name":      {Match{Name: "a"}, false, false},
		"user":            {Match{User: "ann"}, true, true},
		"other user":      {Match{User: "bob"}, false, false},
		"agent":           {Match{UserAgent: "kubectl"}, true, true},
		"other agent":     {Match{UserAgent: "helm"}, false, false},
		"path":            {Match{Path: "/api/"}, true, true},
		"other path":      {Match{Path: "/apis/"}, false, false},
		"where":           {Match{Where: func(i Info) bool { return i.Subresource == "log" }}, false, true},
		"two":             {Match{Verbs: []string{"get"}, Namespace: "b"}, false, false},
	} {
		if got := c.match.Selects(get); got != c.get {
			t.Errorf("%s: get is selected: %v", name, got)
		}
		if got := c.match.Selects(log); got != c.log {
			t.Errorf("%s: log is selected: %v", name, got)
		}
	}
}

func TestMatchRefusesWhatNoRequestHas(t *testing.T) {
	for _, c := range []struct {
		match Match
		want  string
	}{
		{Match{Verbs: []string{"GET"}}, `verb "GET": verbs are in lower case`},
		{Match{Verbs: []string{""}}, `verb "": verbs are in lower case`},
		{Match{Resources: []schema.GroupResource{{Group: "apps"}}}, `resource ".apps": the plural name is needed`},
		{Match{Resources: []schema.GroupResource{{Resource: "pods/log"}}}, "subresources have a field of their own"},
		{Match{Path: "version"}, `path "version": paths begin with a slash`},
	} {
		if err := c.match.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.match, err, c.want)
		}
	}
	if err := (Match{Verbs: Verbs, Path: "/api"}).Validate(); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("GET", "/api/v1/namespaces/a/pods/b/log", "watch=1&fieldSelector=metadata.name%3Db")
	f.Add("DELETE", "//apis///g/v/watch/namespaces//", "%zz&;")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		info := Parse(&http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}})
		if (info.GroupResource() == schema.GroupResource{}) != (info.Resource == "") || info.String() == "" {
			t.Errorf("%+v", info)
		}
		Match{Namespace: "a"}.Selects(info)
	})
}
