package cache

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

// P5: what waits for a slow handler is bounded by the number of objects if that is wanted, and the handler's last word on
// each object is its state in any case.
func TestSlowHandlerGetsWhatItsQueueKeeps(t *testing.T) {
	for name, c := range map[string]struct {
		queue HandlerQueue
		want  []string
	}{
		"unbounded":  {UnboundedQueue(), []string{"add a", "update a a=1", "update a=1 a=2", "update a=2 a=3", "add b", "delete b"}},
		"bounded":    {BoundedQueue(10), []string{"add a", "update a a=1", "update a=1 a=2", "update a=2 a=3", "add b", "delete b"}},
		"overflown":  {BoundedQueue(2), []string{"add a", "update a a=3"}},
		"coalescing": {CoalescingQueue(), []string{"add a", "update a a=3"}},
	} {
		t.Run(name, func(t *testing.T) {
			contract(t, 0, []string{"a"}, func(r *rig) {
				var told eventLog
				release := make(chan struct{})
				_, err := r.AddEventHandlerWithOptions(ResourceEventHandlerFuncs{
					AddFunc: func(obj interface{}) {
						told.add("add %s", show(obj))
						<-release
					},
					UpdateFunc: func(oldObj, newObj interface{}) { told.add("update %s %s", show(oldObj), show(newObj)) },
					DeleteFunc: func(obj interface{}) { told.add("delete %s", show(obj)) },
				}, HandlerOptions{Queue: c.queue})
				must(t, err)
				r.start()
				for i := range 3 {
					r.server.set("a", fmt.Sprint(i+1))
				}
				r.server.set("b", "")
				r.server.remove("b")
				synctest.Wait()
				close(release)
				synctest.Wait()
				if diff := cmp.Diff(c.want, told.take()); diff != "" {
					t.Errorf("handler was told (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// P9: a panic never loses events silently, and is nobody else's matter. Errors did not tell of one with the usual policy.
func TestPanicEndsOneHandlerOrOneNotification(t *testing.T) {
	bad := errors.New("bad object")
	for name, c := range map[string]struct {
		policy PanicPolicy
		want   []string
		err    string
	}{
		"crash, which is switched off": {PanicCrash, []string{"add a", "add b"}, ""},

		"detach": {PanicDetach, []string{"add a"}, `handler panicked in the initial addition of "ns/a": bad object`},
		"skip":   {PanicSkip, []string{"add a", "add b"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			utilruntime.ReallyCrash = c.policy != PanicCrash
			defer func() { utilruntime.ReallyCrash = true }()
			contract(t, 0, []string{"a"}, func(r *rig) {
				var told eventLog
				heard := r.observed().Errors(r.Context())
				registration, err := r.AddEventHandlerWithOptions(ResourceEventHandlerFuncs{AddFunc: func(obj interface{}) {
					told.add("add %s", show(obj))
					if obj.(*corev1.ConfigMap).Name == "a" {
						panic(bad)
					}
				}}, HandlerOptions{OnPanic: c.policy})
				must(t, err)
				other := r.logs()
				r.start()
				r.server.set("b", "")
				time.Sleep(time.Second) // whatever reports the panic may take its time
				r.told(other, "add a true", "add b false")
				if diff := cmp.Diff(c.want, told.take()); diff != "" {
					t.Errorf("handler was told (-want +got):\n%s", diff)
				}
				err = HandlerError(registration)
				if (err != nil) != (c.err != "") || err != nil && (!errors.Is(err, bad) || !strings.Contains(err.Error(), c.err)) {
					t.Errorf("error of the handler = %v, want %q", err, c.err)
				}
				if registration.HasSynced() == (c.err != "") {
					t.Errorf("handler has synced: %v", registration.HasSynced())
				}
				r.stop() // and with it the loop below
				var errs []*InformerError
				for err := range heard {
					errs = append(errs, err)
				}
				if len(errs) != 1 || errs[0].Stage != StageHandler || errs[0].Key != "ns/a" || !errors.Is(errs[0], bad) {
					t.Errorf("heard %v, want the panic", errs)
				}
			})
		})
	}
}

func TestUnknownPanicPolicyIsRefused(t *testing.T) {
	informer := NewSharedInformer(newFakeServer().listWatch(), &corev1.ConfigMap{}, 0)
	if _, err := informer.AddEventHandlerWithOptions(ResourceEventHandlerFuncs{}, HandlerOptions{OnPanic: 7}); err == nil || !strings.Contains(err.Error(), "PanicDetach") {
		t.Errorf("error = %v", err)
	}
}
