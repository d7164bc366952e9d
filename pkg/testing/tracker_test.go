package testing_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

func TestPlainObjectsComeOutAsTheyWentIn(t *testing.T) {
	for _, want := range []*corev1.ConfigMap{
		configMap("a", "1"),
		versioned(configMap("a", "1"), "7"),
		{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "a", UID: "u", Generation: 3, CreationTimestamp: metav1.Unix(1, 0)}},
	} {
		c := plain(t)
		w := c.watch(t, metav1.ListOptions{})
		check := func(what string, got runtime.Object) {
			t.Helper()
			if diff := cmp.Diff(runtime.Object(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		check("created", c.create(t, want))
		check("read", c.get(t, "a"))
		check("ADDED", (<-w.ResultChan()).Object)
		check("updated", c.update(t, want))
		check("MODIFIED", (<-w.ResultChan()).Object)
		list := c.list(t, metav1.ListOptions{})
		check("listed", &list.Items[0])
		check("patched", ok[*corev1.ConfigMap](t)(c.configMaps("ns").Patch(t.Context(), "a", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{})))
		<-w.ResultChan()
		c.delete(t, "a")
		check("DELETED", (<-w.ResultChan()).Object)
	}
}

func TestManagedObjectsGetAnIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := managed(t)
		created := c.create(t, configMap("a", "1"))
		if created.UID == "" || !created.CreationTimestamp.Time.Equal(time.Now()) || created.ResourceVersion != "2" ||
			created.GroupVersionKind() != configMapKind || len(created.ManagedFields) != 1 {
			t.Errorf("created %+v", created)
		}
		time.Sleep(time.Hour + time.Millisecond)
		sent := configMap("a", "2")
		updated := c.update(t, sent)
		var wire *corev1.ConfigMap
		if data, err := json.Marshal(updated); err != nil || json.Unmarshal(data, &wire) != nil || !cmp.Equal(wire, updated) {
			t.Errorf("over the wire it becomes another:\n%s", cmp.Diff(updated, wire))
		}
		if updated.UID != created.UID || !updated.CreationTimestamp.Equal(&created.CreationTimestamp) || updated.ResourceVersion != "3" {
			t.Errorf("updated %+v", updated)
		}
		if sent.UID != "" {
			t.Error("the object that was sent has changed")
		}
		given := configMap("b", "1")
		given.UID, given.CreationTimestamp = "mine", metav1.Unix(5, 0)
		if b := c.create(t, given); b.UID != "mine" || !b.CreationTimestamp.Equal(&given.CreationTimestamp) {
			t.Errorf("created %+v", b)
		}
		if other := c.create(t, configMap("c", "1")); other.UID == created.UID {
			t.Error("two objects have one uid")
		}
	})
}

// F4 (k8s#103487): an object that two have.
func TestObjectsAreCopiedInAndOut(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		seed := configMap("a", "kept")
		c := start(t, seed)
		w := c.watch(t, metav1.ListOptions{})
		second := c.watch(t, metav1.ListOptions{})
		seed.Data["value"] = "changed"
		sent := configMap("b", "kept")
		created := c.create(t, sent)
		sent.Data["value"], created.Data["value"] = "changed", "changed"
		c.get(t, "a").Data["value"] = "changed"
		c.list(t, metav1.ListOptions{}).Items[0].Data["value"] = "changed"
		for range 2 {
			(<-w.ResultChan()).Object.(*corev1.ConfigMap).Data["value"] = "changed"
		}
		if diff := cmp.Diff([]string{"ADDED a=kept", "ADDED b=kept"}, there(second)); diff != "" {
			t.Errorf("the other watch (-want +got):\n%s", diff)
		}
		for _, item := range c.list(t, metav1.ListOptions{}).Items {
			if item.Data["value"] != "kept" {
				t.Errorf("stored %s is %q", item.Name, item.Data["value"])
			}
		}
	})
}

func TestErrorsAreThoseOfTheAPI(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t, configMap("a", "1"))
		ns := c.configMaps("ns")
		_, created := ns.Create(t.Context(), configMap("a", "2"), metav1.CreateOptions{})
		_, read := ns.Get(t.Context(), "none", metav1.GetOptions{})
		_, updated := ns.Update(t.Context(), configMap("none", ""), metav1.UpdateOptions{})
		_, patched := ns.Patch(t.Context(), "none", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{})
		deleted := ns.Delete(t.Context(), "none", metav1.DeleteOptions{})
		_, elsewhere := c.configMaps("other").Create(t.Context(), configMap("b", ""), metav1.CreateOptions{})
		_, listed := ns.List(t.Context(), metav1.ListOptions{LabelSelector: "!!"})
		_, watched := ns.Watch(t.Context(), metav1.ListOptions{FieldSelector: "x"})
		_, language := ns.Patch(t.Context(), "a", "text/plain", []byte(`{}`), metav1.PatchOptions{})
		_, renamed := ns.Patch(t.Context(), "a", types.MergePatchType, []byte(`{"metadata":{"name":"b"}}`), metav1.PatchOptions{})
		for _, test := range []struct {
			what string
			err  error
			is   func(error) bool
			text string
		}{
			{"create", created, apierrors.IsAlreadyExists, `configmaps "a" already exists`},
			{"get", read, apierrors.IsNotFound, `configmaps "none" not found`},
			{"update", updated, apierrors.IsNotFound, `configmaps "none" not found`},
			{"patch", patched, apierrors.IsNotFound, `configmaps "none" not found`},
			{"delete", deleted, apierrors.IsNotFound, `configmaps "none" not found`},
			{"namespace", elsewhere, apierrors.IsBadRequest, `request namespace does not match object namespace, request: "other" object: "ns"`},
			{"list", listed, apierrors.IsBadRequest, "invalid label selector"},
			{"watch", watched, apierrors.IsBadRequest, "invalid field selector"},
			{"language", language, apierrors.IsUnsupportedMediaType, "unknown format"},
			{"rename", renamed, apierrors.IsBadRequest, "the patch makes ns/b of ns/a"},
		} {
			if !test.is(test.err) || !strings.Contains(test.err.Error(), test.text) {
				t.Errorf("%s: %v", test.what, test.err)
			}
		}
		if got := names(c.list(t, metav1.ListOptions{})); !slices.Equal(got, []string{"a"}) {
			t.Errorf("there are %v", got)
		}
	})
}

func TestGenerateNameGivesAFreeName(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t)
		seen := map[string]bool{}
		for range 20 {
			cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "web-"}}
			created := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Create(t.Context(), cm, metav1.CreateOptions{}))
			if !strings.HasPrefix(created.Name, "web-") || len(created.Name) != len("web-")+5 || seen[created.Name] || cm.Name != "" {
				t.Errorf("created %q of %q", created.Name, cm.Name)
			}
			seen[created.Name] = true
			c.get(t, created.Name)
		}
		if err := c.tracker.Create(configMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "direct-"}}, "ns"); err != nil {
			t.Error(err)
		}
		if got := names(c.list(t, metav1.ListOptions{}))[0]; !strings.HasPrefix(got, "direct-") {
			t.Errorf("created %q", got)
		}
	})
}

func TestSelectorsOfListsAndDeletions(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		elsewhere := configMap("a", "1")
		elsewhere.Namespace = "other"
		c := start(t, configMap("a", "1"), configMap("b", "2"), configMap("c", "1"), elsewhere)
		for _, test := range []struct {
			opts metav1.ListOptions
			want []string
		}{
			{metav1.ListOptions{}, []string{"a", "b", "c", "a"}},
			{metav1.ListOptions{LabelSelector: "value=1"}, []string{"a", "c", "a"}},
			{metav1.ListOptions{LabelSelector: "value!=1"}, []string{"b"}},
			{metav1.ListOptions{FieldSelector: "metadata.name=a"}, []string{"a", "a"}},
			{metav1.ListOptions{FieldSelector: "metadata.name!=a,metadata.namespace=ns"}, []string{"b", "c"}},
			{metav1.ListOptions{FieldSelector: "metadata.name=a,spec.nodeName=x", LabelSelector: "value=2"}, []string{}},
			{metav1.ListOptions{FieldSelector: "spec.nodeName=x"}, []string{"a", "b", "c", "a"}},
			{metav1.ListOptions{ResourceVersion: "0", Limit: 1}, []string{"a", "b", "c", "a"}},
		} {
			if got := names(c.list(t, test.opts)); !slices.Equal(got, test.want) {
				t.Errorf("%+v lists %v, want %v", test.opts, got, test.want)
			}
		}
		remove := func(opts metav1.ListOptions, want ...string) {
			t.Helper()
			if err := c.configMaps("ns").DeleteCollection(t.Context(), metav1.DeleteOptions{}, opts); err != nil {
				t.Fatal(err)
			}
			if got := names(c.list(t, metav1.ListOptions{})); !slices.Equal(got, want) {
				t.Errorf("%v are left, want %v", got, want)
			}
		}
		remove(metav1.ListOptions{LabelSelector: "value=none"}, "a", "b", "c", "a")
		remove(metav1.ListOptions{LabelSelector: "value=1", FieldSelector: "metadata.name=c"}, "a", "b", "a")
		remove(metav1.ListOptions{}, "a")
	})
}

func TestDryRunsChangeNothing(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c, all := start(t, configMap("a", "1")), []string{metav1.DryRunAll}
		before, w := c.list(t, metav1.ListOptions{}), c.watch(t, metav1.ListOptions{})
		there(w)
		ns := c.configMaps("ns")
		if got := ok[*corev1.ConfigMap](t)(ns.Create(t.Context(), configMap("b", "1"), metav1.CreateOptions{DryRun: all})); got.Data["value"] != "1" {
			t.Errorf("created %v", got)
		}
		if got := ok[*corev1.ConfigMap](t)(ns.Update(t.Context(), configMap("a", "2"), metav1.UpdateOptions{DryRun: all})); got.Data["value"] != "2" {
			t.Errorf("updated %v", got)
		}
		if got := ok[*corev1.ConfigMap](t)(ns.Patch(t.Context(), "a", types.MergePatchType, []byte(`{"data":{"value":"3"}}`), metav1.PatchOptions{DryRun: all})); got.Data["value"] != "3" {
			t.Errorf("patched %v", got)
		}
		if err := ns.Delete(t.Context(), "a", metav1.DeleteOptions{DryRun: all}); err != nil {
			t.Error(err)
		}
		if err := ns.DeleteCollection(t.Context(), metav1.DeleteOptions{DryRun: all}, metav1.ListOptions{}); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(before, c.list(t, metav1.ListOptions{})); diff != "" {
			t.Errorf("after dry runs (-before +after):\n%s", diff)
		}
		if got := there(w); len(got) > 0 {
			t.Errorf("events %v", got)
		}
	})
}

func TestVersionsOfAResourceAreApart(t *testing.T) {
	c := plain(t, configMap("a", "1"))
	other := configMaps
	other.Version = "v2"
	if _, err := c.tracker.Get(other, "ns", "a"); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestKindsWithoutAList(t *testing.T) {
	c := plain(t)
	if list, err := c.tracker.List(configMaps, corev1.SchemeGroupVersion.WithKind("Nonsense"), ""); list != nil || !runtime.IsNotRegisteredError(err) {
		t.Errorf("%v, %v", list, err)
	}
}
