package apiservertest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var collections = []string{
	"/api/v1/namespaces/default/configmaps", "/api/v1/configmaps", "/api/v1/pods", "/api/v1/namespaces", "/apis/apps/v1/deployments", "/apis/example.com/v1/widgets", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}

// FuzzList lists with whatever parameters. If that works with a limit, then the pages that follow have, in order, what the same list has without one.
func FuzzList(f *testing.F) {
	for i := range collections {
		for n, query := range []string{
			"", "limit=1", "limit=2&resourceVersion=8&resourceVersionMatch=Exact", "limit=1&resourceVersion=0", "limit=-1", "limit=99999999999999999999", "resourceVersion=99&resourceVersionMatch=NotOlderThan",
			"labelSelector=app%3Dx&limit=1", "labelSelector=app+in+(x,y),!z&fieldSelector=metadata.name!%3Da", "fieldSelector=status.phase%3DRunning,spec.nodeName%3Dnode", "fieldSelector=spec.color%3Dred", "fieldSelector=a%3D%5C",
			"continue=x", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NywidGFpbCI6ImRlZmF1bHQvYSJ9", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYVx1MDAwMCJ9&limit=1",
			"resourceVersionMatch=Exact", "resourceVersion=-1", "timeoutSeconds=-1&timeout=1ns", "pretty=true&limit=1", "sendInitialEvents=true", "%zz", "limit=1;x", "watch=0",
		} {
			if (i+n)%2 == 0 { // the fuzzer finds the others
				f.Add(uint8(i), query)
			}
		}
	}
	f.Fuzz(func(t *testing.T, collection uint8, query string) {
		if strings.Contains(query, "#") {
			return // a fragment is not sent
		}
		path := collections[int(collection)%len(collections)]
		furnished(t, func(t *testing.T, p *probe) {
			w := p.send(t, http.MethodGet, path+"?"+query, nil)
			values, err := url.ParseQuery(query)
			if w == nil || err != nil || w.Code != http.StatusOK || values.Get("continue") != "" || isSet(values, "watch") {
				return
			}
			page := page(t, w.Body.Bytes())
			paged := slices.Clone(page.Items)
			first := page.ResourceVersion
			for n := 0; page.Continue != ""; n++ {
				if n > 100 {
					t.Fatalf("the pages of %s do not end", query)
				}
				next := url.Values{"limit": values["limit"], "labelSelector": values["labelSelector"], "fieldSelector": values["fieldSelector"], "continue": {page.Continue}}
				if page = list(t, p, path, next); page.ResourceVersion != first {
					t.Errorf("a page of version %s follows one of version %s", page.ResourceVersion, first)
				}
				paged = append(paged, page.Items...)
			}
			at := url.Values{"resourceVersion": {first}, "resourceVersionMatch": {"Exact"}, "labelSelector": values["labelSelector"], "fieldSelector": values["fieldSelector"]}
			if whole := list(t, p, path, at); !slices.EqualFunc(whole.Items, paged, func(a, b metav1.PartialObjectMetadata) bool { return a.UID == b.UID }) {
				t.Errorf("%s?%s: the pages have %d objects, the list %d, or others", path, query, len(paged), len(whole.Items))
			}
		})
	})
}

func isSet(values url.Values, name string) bool {
	return values.Has(name) && values.Get(name) != "0" && values.Get(name) != "false"
}

func list(t *testing.T, p *probe, path string, query url.Values) metav1.PartialObjectMetadataList {
	t.Helper()
	w := p.send(t, http.MethodGet, path+"?"+query.Encode(), nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	return page(t, w.Body.Bytes())
}

func page(t *testing.T, body []byte) metav1.PartialObjectMetadataList {
	t.Helper()
	var list metav1.PartialObjectMetadataList
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// FuzzWatch watches with whatever parameters while objects come, change and go.
func FuzzWatch(f *testing.F) {
	media := []string{"", "", "application/vnd.kubernetes.protobuf;stream=watch", "application/json;as=Table;g=meta.k8s.io;v=v1"}
	for i := range collections {
		for n, query := range []string{
			"", "resourceVersion=1", "resourceVersion=0&timeoutSeconds=1", "resourceVersion=9&allowWatchBookmarks=1", "resourceVersion=999&timeoutSeconds=100",
			"sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", "sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=8", "sendInitialEvents=1",
			"labelSelector=app%3Dx&resourceVersion=1", "fieldSelector=metadata.name%3Da", "timeoutSeconds=9223372036854775807", "timeoutSeconds=-9223372036854775808&allowWatchBookmarks=true", "timeoutSeconds=9223372037",
			"limit=1&continue=x", "resourceVersionMatch=Exact", "timeout=1ns",
		} {
			f.Add(uint8(i), query, media[(i+n)%len(media)])
		}
	}
	f.Fuzz(func(t *testing.T, collection uint8, query, accept string) {
		if strings.ContainsAny(query, "#") || strings.ContainsAny(accept, "\r\n") {
			return // not sent
		}
		path := collections[int(collection)%len(collections)]
		furnished(t, func(t *testing.T, p *probe) {
			var changing sync.WaitGroup
			defer changing.Wait()
			changing.Go(func() {
				for _, s := range parseProgram("MERGE ~/configmaps/a\n{metadata: {labels: {app: null}}}\nDELETE ~/configmaps/b\nDELETE ~/configmaps/a\nPOST ~/configmaps\n{metadata: {name: z, labels: {app: x}}}") {
					time.Sleep(time.Millisecond) // of the bubble: when all else is waiting
					p.send(t, s.method, s.target, s.body, s.headers...)
				}
			})
			w := p.send(t, http.MethodGet, path+"?watch=true&"+query, nil, "Accept:"+accept)
			if w != nil && w.Code == http.StatusOK && accept == "" && len(w.Body.Bytes()) > 0 {
				checkOrder(t, w.Body.Bytes(), query)
			}
		})
	})
}

// checkOrder wants that the versions of every object grow, and that nothing follows an error.
func checkOrder(t *testing.T, stream []byte, query string) {
	t.Helper()
	versions := map[string]int64{}
	for decoder := json.NewDecoder(strings.NewReader(string(stream))); decoder.More(); {
		var event struct {
			Type   string
			Object metav1.PartialObjectMetadata
		}
		if err := decoder.Decode(&event); err != nil {
			t.Fatalf("%v in %s", err, stream)
		}
		if event.Type == "ERROR" && decoder.More() {
			t.Errorf("%s: events follow an error: %s", query, stream)
		}
		if event.Object.Name == "" {
			continue
		}
		version, err := strconv.ParseInt(event.Object.ResourceVersion, 10, 64)
		key := event.Object.Namespace + "/" + event.Object.Name
		if err != nil || version <= versions[key] {
			t.Errorf("%s: %s has version %q after %d", query, key, event.Object.ResourceVersion, versions[key])
		}
		versions[key] = version
	}
}
