package cache

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestClosedWatchIsResumedWithoutAList(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		logs := r.logs()
		r.start()
		for i := range 3 {
			time.Sleep(time.Minute)
			r.server.hangUp(nil)
			r.server.set("a", fmt.Sprint(i))
		}
		time.Sleep(time.Second)
		r.told(logs, "add a true", "update a a=0", "update a=0 a=1", "update a=1 a=2")
		r.requests(`list "0"`, "watch", "watch", "watch", "watch")
	})
}

func TestRestartedServerIsResumedWithoutAList(t *testing.T) {
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		logs := r.logs()
		r.start()
		time.Sleep(time.Minute)
		r.server.hangUp(errors.New("connection refused"))
		r.server.set("a", "1")
		r.server.remove("b")
		time.Sleep(10 * time.Minute)
		r.server.hangUp(nil)
		time.Sleep(2 * time.Minute)
		r.told(logs, "add a true", "add b true", "update a a=1", "delete b")
		r.stores()
		for _, request := range r.server.takeRequests()[1:] {
			if request != "watch" {
				r.Errorf("request %s after the first list", request)
			}
		}
	})
}

// 410, whether the watch is refused or ended with it: exactly one more list.
func TestExpiredVersionIsListedOnce(t *testing.T) {
	status := apierrors.NewResourceExpired("too old").Status()
	for name, expire := range map[string]func(*fakeServer){
		"at connect": func(s *fakeServer) { s.hangUp(nil); s.compact() },
		"in stream":  func(s *fakeServer) { s.inject(watch.Event{Type: watch.Error, Object: &status}) },
	} {
		t.Run(name, func(t *testing.T) {
			contract(t, 0, []string{"a"}, func(r *rig) {
				r.start()
				r.server.set("a", "1") // 102
				synctest.Wait()
				time.Sleep(time.Minute)
				r.server.takeRequests()
				r.server.mu.Lock()
				r.server.version = 110 // something else has happened
				r.server.mu.Unlock()
				expire(r.server)
				time.Sleep(5 * time.Minute)
				lists := slices.DeleteFunc(r.server.takeRequests(), func(request string) bool { return request == "watch" })
				if diff := cmp.Diff([]string{`list "102"`}, lists); diff != "" {
					r.Errorf("lists (-want +got):\n%s", diff)
				}
				r.stores()
			})
		})
	}
}

// R7: events that cannot be understood are repaired by a list, whatever they were about.
func TestUnprocessableEventIsRepaired(t *testing.T) {
	for name, event := range map[string]watch.Event{
		"nil object": {Type: watch.Deleted},
		"wrong type": {Type: watch.Modified, Object: &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "a", ResourceVersion: "999"}}},
		"unknown":    {Type: "MOVED", Object: &corev1.ConfigMap{}},
	} {
		t.Run(name, func(t *testing.T) {
			contract(t, 0, []string{"a", "b"}, func(r *rig) {
				var errs []error
				if err := r.SetWatchErrorHandler(func(_ *Reflector, err error) { errs = append(errs, err) }); err != nil {
					r.Fatal(err)
				}
				logs := r.logs()
				r.start()
				r.told(logs, "add a true", "add b true")
				r.server.inject(event)
				r.server.mu.Lock()
				delete(r.server.objects, "b") // the change that the event should have told
				r.server.mu.Unlock()
				time.Sleep(time.Minute)
				r.told(logs, "update a a", "unknown ns/b b")
				r.stores()
				if len(errs) != 1 {
					r.Errorf("reported %v, want one error", errs)
				}
			})
		})
	}
}
