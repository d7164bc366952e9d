package catalog

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func resource(group, plural string, versions ...string) *kind.Resource {
	r := &kind.Resource{Group: group, Plural: plural}
	for _, v := range versions {
		r.Versions = append(r.Versions, kind.Version{Name: v})
	}
	return r
}

func TestLookupFindsServedVersionsByPluralName(t *testing.T) {
	c := New(resource("", "pods", "v1"), resource("autoscaling", "horizontalpodautoscalers", "v2", "v1"))
	for _, test := range []struct {
		group, version, resource string
		found                    bool
	}{
		{"", "v1", "pods", true},
		{"autoscaling", "v1", "horizontalpodautoscalers", true},
		{"autoscaling", "v2", "horizontalpodautoscalers", true},
		{"autoscaling", "v3", "horizontalpodautoscalers", false},
		{"", "v1", "pod", false},
		{"apps", "v1", "pods", false},
		{"", "", "", false},
	} {
		r, v, ok := c.Lookup(test.group, test.version, test.resource)
		if ok != test.found {
			t.Errorf("%+v: found %v", test, ok)
		}
		if ok && (r.Plural != test.resource || v.Name != test.version) {
			t.Errorf("%+v: found %v in version %v", test, r.Plural, v.Name)
		}
	}
}

func names(c *Catalog) string {
	var all []string
	for _, r := range c.All() {
		all = append(all, r.GroupResource().String())
	}
	return strings.Join(all, " ")
}

func TestAllHasTheOrderOfDiscovery(t *testing.T) {
	c := New(resource("zoo.example.com", "animals"), resource("policy", "poddisruptionbudgets"),
		resource("", "services"), resource("apps", "deployments"), resource("", "pods"), resource("apps", "daemonsets"))
	c.Add(resource("acme.example.com", "widgets"))
	want := "pods services daemonsets.apps deployments.apps poddisruptionbudgets.policy widgets.acme.example.com animals.zoo.example.com"
	if got := names(c); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAddReplacesAndRemoveRemoves(t *testing.T) {
	c := New(resource("", "pods", "v1"))
	c.Add(resource("example.com", "widgets", "v1alpha1"))
	c.Add(resource("example.com", "widgets", "v1"))
	if _, _, ok := c.Lookup("example.com", "v1alpha1", "widgets"); ok {
		t.Error("the replaced resource is still found")
	}
	if _, _, ok := c.Lookup("example.com", "v1", "widgets"); !ok {
		t.Error("the new resource is not found")
	}
	c.Remove(schema.GroupResource{Group: "example.com", Resource: "widgets"})
	if got := names(c); got != "pods" {
		t.Errorf("after removal: %s", got)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestChangedIsClosedAtTheNextChange(t *testing.T) {
	c := New()
	before := c.Changed()
	c.Remove(schema.GroupResource{Resource: "pods"})
	if isClosed(before) || c.Changed() != before {
		t.Error("removing nothing is announced as a change")
	}
	c.Add(resource("", "pods", "v1"))
	if !isClosed(before) {
		t.Error("an addition is not announced")
	}
	if isClosed(c.Changed()) {
		t.Error("the channel of the new state is closed")
	}
}

func TestChangesLeaveReadersTheirState(t *testing.T) {
	c := New(resource("", "pods", "v1"))
	all := c.All()
	want := slices.Clone(all)
	var wg sync.WaitGroup
	for _, plural := range []string{"a", "b", "c", "d"} {
		wg.Go(func() {
			c.Add(resource("", plural, "v1"))
			c.Lookup("", "v1", "pods")
			c.All()
		})
	}
	wg.Wait()
	if diff := cmp.Diff(want, all, cmp.Comparer(func(a, b *kind.Resource) bool { return a == b })); diff != "" {
		t.Errorf("the slice has changed: %s", diff)
	}
	if got := names(c); got != "a b c d pods" {
		t.Errorf("a change was lost: %s", got)
	}
}
