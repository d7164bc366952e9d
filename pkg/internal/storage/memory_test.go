package storage

import (
	"fmt"
	"runtime"
	"testing"
	"weak"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// weakly is what does not keep an object alive.
func weakly(o apiobject.Object) weak.Pointer[corev1.ConfigMap] {
	return weak.Make(o.(*corev1.ConfigMap))
}

// alive counts the objects that a full collection leaves.
func alive(objects []weak.Pointer[corev1.ConfigMap]) int {
	runtime.GC()
	count := 0
	for _, o := range objects {
		if o.Value() != nil {
			count++
		}
	}
	return count
}

func TestDeletionAndCompactionReleaseObjects(t *testing.T) {
	for _, count := range []int{1, 2, 100} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			s := New(Options{})
			var objects []weak.Pointer[corev1.ConfigMap]
			slow := watch(t, s, "", 1)
			for i := range count {
				k := key("a", fmt.Sprint(i))
				objects = append(objects, weakly(put(t, s, k, "1")), weakly(put(t, s, k, "2")), weakly(remove(t, s, k)))
			}
			put(t, s, key("a", "stays"), "1")
			if got := alive(objects); got != 3*count {
				t.Fatalf("%d objects are alive before compaction, want all %d", got, 3*count)
			}
			compact(t, s, s.Revision()-1)
			if got := alive(objects); got != 0 {
				t.Errorf("%d objects are alive after compaction, want none", got)
			}
			if _, found := s.Get(key("a", "stays")); !found {
				t.Error("the object that was not deleted is gone")
			}
			runtime.KeepAlive(slow) // a watch that is behind holds nothing either
			runtime.KeepAlive(s)
		})
	}
}

func TestPartialCompactionReleasesWhatIsBeforeIt(t *testing.T) {
	s := New(Options{})
	var objects []weak.Pointer[corev1.ConfigMap]
	for i := range 100 {
		objects = append(objects, weakly(put(t, s, key("a", "x"), fmt.Sprint(i))))
	}
	compact(t, s, 31) // revision 31 is objects[29], which is Old in the event after it
	if got := alive(objects); got != 71 {
		t.Errorf("%d objects are alive, want 71", got)
	}
	if got := alive(objects[:29]); got != 0 {
		t.Errorf("%d objects from before the compaction are alive, want none", got)
	}
	runtime.KeepAlive(s)
}

func TestKeepEventsReleasesObjects(t *testing.T) {
	s := New(Options{KeepEvents: 10})
	var objects []weak.Pointer[corev1.ConfigMap]
	for i := range 100 {
		objects = append(objects, weakly(put(t, s, key("a", "x"), fmt.Sprint(i))))
	}
	if got := alive(objects); got != 11 { // those of ten events, and what was before them
		t.Errorf("%d objects are alive, want 11", got)
	}
	runtime.KeepAlive(s)
}

func TestResetReleasesWhatItTakesBack(t *testing.T) {
	s := New(Options{})
	w := watch(t, s, "", 1)
	put(t, s, key("a", "x"), "1")
	var objects []weak.Pointer[corev1.ConfigMap]
	for i := range 100 {
		objects = append(objects, weakly(put(t, s, key("a", "x"), fmt.Sprint(i))))
	}
	if err := s.Reset(2); err != nil {
		t.Fatal(err)
	}
	if got := alive(objects); got != 0 {
		t.Errorf("%d objects are alive, want none", got)
	}
	runtime.KeepAlive(w)
	runtime.KeepAlive(s)
}

func TestAViewHoldsItsObjectsForAsLongAsItIsUsed(t *testing.T) {
	s := New(Options{})
	objects := []weak.Pointer[corev1.ConfigMap]{weakly(put(t, s, key("a", "x"), "1"))}
	view, err := s.View(configMaps, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, s, key("a", "x"))
	compact(t, s, s.Revision())
	if got := alive(objects); got != 1 {
		t.Error("the object was released under the view")
	}
	runtime.KeepAlive(view)
	if got := alive(objects); got != 0 {
		t.Error("the object is alive after the view")
	}
	runtime.KeepAlive(s)
}
