package testing_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"
)

func TestStaleUpdateIsAConflict(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t)
		first := c.create(t, versioned(configMap("a", "1"), "1"))
		second := first.DeepCopy()
		second.Data["value"] = "2"
		if first.ManagedFields == nil { // the plain tracker
			second.ResourceVersion = "2" // a version that the test makes up, as its server would
		}
		c.update(t, second)
		_, updated := c.configMaps("ns").Update(t.Context(), first, metav1.UpdateOptions{})
		_, status := c.configMaps("ns").UpdateStatus(t.Context(), first, metav1.UpdateOptions{})
		_, patched := c.configMaps("ns").Patch(t.Context(), "a", types.MergePatchType, []byte(`{"metadata":{"resourceVersion":"`+first.ResourceVersion+`"}}`), metav1.PatchOptions{})
		for _, err := range []error{updated, status, patched} {
			if !apierrors.IsConflict(err) || !strings.Contains(err.Error(), "please apply your changes to the latest version and try again") {
				t.Errorf("error %v", err)
			}
		}
		if got := c.get(t, "a").Data["value"]; got != "2" {
			t.Errorf("stored %q", got)
		}
		c.update(t, configMap("a", "unconditional"))
		c.update(t, versioned(configMap("a", "made up"), "77"))
		c.update(t, versioned(configMap("a", "made up"), "0"))

		c.delete(t, "a") // the next object of the name has a life of its own
		c.create(t, versioned(configMap("a", "1"), "1"))
		c.update(t, versioned(configMap("a", "2"), "77"))
	})
}

// What the tracker has forgotten is no version that a test makes up.
func TestForgottenVersionsAreStale(t *testing.T) {
	c := managed(t)
	first := c.create(t, configMap("a", "1"))
	c.update(t, configMap("a", "2"))
	for range 5_000 {
		if err := errors.Join(c.tracker.Add(configMap("other", "x")), c.tracker.Delete(configMaps, "ns", "other")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.configMaps("ns").Update(t.Context(), first, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("error %v", err)
	}
	c.update(t, c.get(t, "a"))
}

// F4 (cr#2980): of two writers that read the same version one must fail, whatever their timing.
func TestConflictsHoldUnderConcurrency(t *testing.T) {
	c := managed(t)
	c.create(t, configMap("a", "0"))
	var writers sync.WaitGroup
	var mu sync.Mutex // guards won
	won := map[string]int{}
	for range 8 {
		writers.Go(func() {
			for range 50 {
				cm, err := c.configMaps("ns").Get(t.Context(), "a", metav1.GetOptions{})
				if err != nil {
					t.Error(err)
					return
				}
				switch _, err := c.configMaps("ns").Update(t.Context(), cm, metav1.UpdateOptions{}); {
				case err == nil:
					mu.Lock()
					won[cm.ResourceVersion]++
					mu.Unlock()
				case !apierrors.IsConflict(err):
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	for version, n := range won {
		if n > 1 {
			t.Errorf("%d updates of version %s", n, version)
		}
	}
}

// resourceversion.CompareResourceVersion decides which versions are compared.
func TestVersionsOfListsAreComparableWhereThoseOfObjectsAre(t *testing.T) {
	c := plain(t, configMap("a", "1"))
	version := c.list(t, metav1.ListOptions{}).ResourceVersion
	if _, err := resourceversion.CompareResourceVersion(version, "1"); err == nil {
		t.Errorf("the version %s of a list can be compared with those that a test makes up", version)
	}
	c = managed(t)
	created := c.create(t, configMap("a", "1"))
	if order, err := resourceversion.CompareResourceVersion(c.list(t, metav1.ListOptions{}).ResourceVersion, created.ResourceVersion); err != nil || order != 0 {
		t.Errorf("order %d, %v", order, err)
	}
}

// What is written later changes no object of the history, nor its managed fields.
func TestTheHistoryStaysAsItWas(t *testing.T) {
	c := managed(t)
	before := c.list(t, metav1.ListOptions{})
	created := c.create(t, configMap("a", "1"))
	updated := c.update(t, configMap("a", "2"))
	applied := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Apply(t.Context(), data("a", map[string]any{"more": "x"}), by("me")))
	again := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Apply(t.Context(), data("a", map[string]any{"more": "x"}), by("me")))
	c.delete(t, "a")
	w := c.watch(t, metav1.ListOptions{ResourceVersion: before.ResourceVersion})
	for _, want := range []*corev1.ConfigMap{created, updated, applied, again} {
		if diff := cmp.Diff(runtime.Object(want), (<-w.ResultChan()).Object); diff != "" {
			t.Errorf("(-then +now):\n%s", diff)
		}
	}
}
