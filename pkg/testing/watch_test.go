package testing_test

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// F1 (k8s#95372, #131320): what happens between a list and a watch is lost. F2 (k8s#141528): so are deletions.
func TestWatchFromAListLosesNothing(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		c := start(t, configMap("a", "1"), configMap("b", "1"))
		list := c.list(t, metav1.ListOptions{})
		c.create(t, configMap("c", "1"))
		c.update(t, configMap("a", "2"))
		c.delete(t, "b")
		c.delete(t, "c")
		w := c.watch(t, metav1.ListOptions{ResourceVersion: list.ResourceVersion})
		if diff := cmp.Diff([]string{"ADDED c=1", "MODIFIED a=2", "DELETED b=1", "DELETED c=1"}, there(w)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		c.update(t, configMap("a", "3"))
		if diff := cmp.Diff([]string{"MODIFIED a=3"}, there(w)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestWatchWithoutAVersionBeginsWithWhatIsThere(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		c := start(t, configMap("a", "1"), configMap("b", "1"))
		c.update(t, configMap("a", "2"))
		for _, version := range []string{"", "0"} {
			w := c.watch(t, metav1.ListOptions{ResourceVersion: version})
			if diff := cmp.Diff([]string{"ADDED a=2", "ADDED b=1"}, there(w)); diff != "" {
				t.Errorf("from %q (-want +got):\n%s", version, diff)
			}
		}
	})
}

// k8s#87472, "channel full": a reader that does not read.
func TestReaderThatDoesNotReadKeepsNobodyWaiting(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("a", "0"))
			idle, slow, fast := c.watch(t, metav1.ListOptions{}), c.watch(t, metav1.ListOptions{}), c.watch(t, metav1.ListOptions{})
			there(fast)
			const writes = 1000
			for i := range writes {
				c.update(t, configMap("a", strconv.Itoa(i)))
				if got := there(fast); len(got) != 1 {
					t.Fatalf("when the write returned the reader had %v", got)
				}
			}
			if got := describe(<-slow.ResultChan()); got != "ADDED a=0" {
				t.Errorf("the first event is %s", got)
			}
			for i := range writes {
				if got, want := describe(<-slow.ResultChan()), fmt.Sprintf("MODIFIED a=%d", i); got != want {
					t.Fatalf("event %s, want %s", got, want)
				}
			}
			idle.Stop()
			if got := there(idle); got[len(got)-1] != "end" {
				t.Error("the channel is open after Stop")
			}
			synctest.Wait() // the slow one has caught up, and is as any other
			c.update(t, configMap("a", "last"))
			if got := there(slow); len(got) != 1 || got[0] != "MODIFIED a=last" {
				t.Errorf("events %v", got)
			}
		})
	})
}

// Tests look into the channel when a call has returned, whatever else goes on.
func TestEventsAreThereWhenTheWriteReturns(t *testing.T) {
	c := plain(t)
	var writers sync.WaitGroup
	for i := range 8 {
		name := strconv.Itoa(i)
		w := c.watch(t, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
		writers.Go(func() {
			for range 200 {
				if _, err := c.configMaps("ns").Create(t.Context(), configMap(name, "1"), metav1.CreateOptions{}); err != nil {
					t.Error(err)
				}
				if got := there(w); len(got) != 1 || got[0] != "ADDED "+name+"=1" {
					t.Errorf("after the creation of %s there is %v", name, got)
				}
				if err := c.configMaps("ns").Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
					t.Error(err)
				}
				if got := there(w); len(got) != 1 || got[0] != "DELETED "+name+"=1" {
					t.Errorf("after the deletion of %s there is %v", name, got)
				}
			}
		})
	}
	writers.Wait()
}

// A bubble ends only when no goroutine is left.
func TestWatchWithoutStopHasNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := plain(t, configMap("a", "0"))
		if _, err := c.configMaps("ns").Watch(t.Context(), metav1.ListOptions{}); err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			c.update(t, configMap("a", strconv.Itoa(i)))
		}
	})
}

func TestStopIsPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := plain(t, configMap("a", "0"))
		w := c.watch(t, metav1.ListOptions{})
		for i := range 500 {
			c.update(t, configMap("a", strconv.Itoa(i)))
		}
		began := time.Now()
		w.Stop()
		w.Stop()
		if got := there(w); len(got) > 200 || got[len(got)-1] != "end" {
			t.Errorf("%d events, the last is %s", len(got), got[len(got)-1])
		}
		if got := clienttesting.OpenWatches(c.tracker); got != 0 {
			t.Errorf("the tracker has %d watches", got)
		}
		c.update(t, configMap("a", "after"))
		if !time.Now().Equal(began) {
			t.Error("Stop took time")
		}
	})
}

// Stop comes at any time, while many write and others read; run it with -race.
func TestWatchesUnderConcurrency(t *testing.T) {
	before := runtime.NumGoroutine()
	c := managed(t)
	var writers, readers sync.WaitGroup
	for i := range 4 {
		name := strconv.Itoa(i)
		c.create(t, configMap(name, "0"))
		writers.Go(func() {
			for range 300 {
				if _, err := c.configMaps("ns").Update(t.Context(), configMap(name, "x"), metav1.UpdateOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 6 {
		w := c.watch(t, metav1.ListOptions{})
		readers.Go(func() {
			last, seen := 0, 0
			for e := range w.ResultChan() {
				version, err := strconv.Atoi(e.Object.(*corev1.ConfigMap).ResourceVersion)
				if err != nil || e.Type == watch.Modified && version <= last {
					t.Errorf("event of version %d after %d, %v", version, last, err)
				}
				last = max(last, version)
				if seen++; seen == 4+100*i || seen == 4+4*300 {
					w.Stop()
				}
			}
			if want := min(4+100*i, 4+4*300); seen < want {
				t.Errorf("%d events, want %d", seen, want)
			}
		})
	}
	writers.Wait()
	readers.Wait()
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}

func TestWatchSeesObjectsComeAndGo(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		c := start(t)
		byLabel := c.watch(t, metav1.ListOptions{LabelSelector: "value=1"})
		byName := c.watch(t, metav1.ListOptions{FieldSelector: "metadata.name=a"})
		elsewhere := ok[watch.Interface](t)(c.configMaps("other").Watch(t.Context(), metav1.ListOptions{}))
		defer elsewhere.Stop()
		c.create(t, configMap("a", "1"))
		c.create(t, configMap("b", "2"))
		c.update(t, configMap("a", "2"))
		c.update(t, configMap("b", "1"))
		c.delete(t, "b")
		c.delete(t, "a")
		if diff := cmp.Diff([]string{"ADDED a=1", "DELETED a=1", "ADDED b=1", "DELETED b=1"}, there(byLabel)); diff != "" {
			t.Errorf("by label (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"ADDED a=1", "MODIFIED a=2", "DELETED a=2"}, there(byName)); diff != "" {
			t.Errorf("by name (-want +got):\n%s", diff)
		}
		if got := there(elsewhere); len(got) > 0 {
			t.Errorf("in another namespace %v", got)
		}
	})
}

// F3 (k8s#129408): a watch that asks for initial events and gets no bookmark at their end hangs a reflector.
func TestInitialEventsAreRefused(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		_, err := start(t).configMaps("ns").Watch(t.Context(), metav1.ListOptions{SendInitialEvents: new(true), AllowWatchBookmarks: true, ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan})
		if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "sendInitialEvents: Forbidden: this tracker has no streaming lists") {
			t.Errorf("error %v", err)
		}
	})
}

func TestWatchesEndInTimeWithABookmark(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("a", "1"))
			minute := metav1.ListOptions{TimeoutSeconds: new(int64(60)), AllowWatchBookmarks: true, ResourceVersion: c.list(t, metav1.ListOptions{}).ResourceVersion}
			w, quiet := c.watch(t, minute), c.watch(t, metav1.ListOptions{TimeoutSeconds: new(int64(30)), AllowWatchBookmarks: true, ResourceVersion: minute.ResourceVersion})
			time.Sleep(40 * time.Second)
			if diff := cmp.Diff([]string{"end"}, there(quiet)); diff != "" {
				t.Errorf("the watch of nothing (-want +got):\n%s", diff)
			}
			c.update(t, configMap("a", "2"))
			time.Sleep(19 * time.Second)
			if diff := cmp.Diff([]string{"MODIFIED a=2"}, there(w)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			e := <-w.ResultChan()
			mark, isConfigMap := e.Object.(*corev1.ConfigMap)
			if e.Type != watch.Bookmark || !isConfigMap || mark.ResourceVersion != c.list(t, metav1.ListOptions{}).ResourceVersion {
				t.Errorf("the last event is %s %+v", e.Type, e.Object)
			}
			if diff := cmp.Diff([]string{"end"}, there(w)); diff != "" {
				t.Errorf("behind the bookmark (-want +got):\n%s", diff)
			}
			next := c.watch(t, metav1.ListOptions{ResourceVersion: mark.ResourceVersion, TimeoutSeconds: new(int64(1))})
			if got := there(next); len(got) > 0 {
				t.Errorf("the next watch begins with %v", got)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if diff := cmp.Diff([]string{"end"}, there(next)); diff != "" {
				t.Errorf("without bookmarks (-want +got):\n%s", diff)
			}
		})
	})
}

func TestWatchThatIsTooFarBehindExpires(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...apiruntime.Object) *clientset) {
		c := start(t, configMap("a", "0"))
		list := c.list(t, metav1.ListOptions{})
		w := c.watch(t, metav1.ListOptions{})
		const remembered = 10_000
		for range remembered/2 + 100 {
			if err := errors.Join(c.tracker.Delete(configMaps, "ns", "a"), c.tracker.Add(configMap("a", "x"))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.configMaps("ns").Watch(t.Context(), metav1.ListOptions{ResourceVersion: list.ResourceVersion}); !apierrors.IsResourceExpired(err) {
			t.Errorf("error %v", err)
		}
		last, seen := "", 0
		for e := range w.ResultChan() {
			last = describe(e)
			seen++
		}
		if last != "ERROR Expired" || seen > 200 {
			t.Errorf("%d events, the last is %s", seen, last)
		}
		if got := c.list(t, metav1.ListOptions{}); len(got.Items) != 1 {
			t.Errorf("%d objects", len(got.Items))
		}
	})
}

func TestWatchFromTheVersionOfAnObject(t *testing.T) {
	t.Run("managed", func(t *testing.T) {
		c := managed(t)
		a := c.create(t, configMap("a", "1"))
		c.create(t, configMap("b", "1"))
		if diff := cmp.Diff([]string{"ADDED b=1"}, there(c.watch(t, metav1.ListOptions{ResourceVersion: a.ResourceVersion}))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := c.configMaps("ns").Watch(t.Context(), metav1.ListOptions{ResourceVersion: "any"}); !apierrors.IsBadRequest(err) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("plain", func(t *testing.T) {
		c := plain(t, configMap("z", "1"))
		c.delete(t, "z")
		c.create(t, versioned(configMap("a", "1"), "5"))
		c.update(t, versioned(configMap("a", "2"), "any"))
		c.create(t, versioned(configMap("b", "1"), "5"))
		for version, want := range map[string][]string{
			"5":    {"MODIFIED a=2", "ADDED b=1"},
			"any":  {"ADDED b=1"},
			"none": {"ADDED a=2", "ADDED b=1"},
			"1":    {"ADDED a=2", "ADDED b=1"},
		} {
			if diff := cmp.Diff(want, there(c.watch(t, metav1.ListOptions{ResourceVersion: version}))); diff != "" {
				t.Errorf("from %s (-want +got):\n%s", version, diff)
			}
		}
	})
}
