package cache

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestHandlerGetsAnObjectForEveryDeletion(t *testing.T) {
	contract(t, 0, []string{"a"}, func(r *rig) {
		var told eventLog
		_, err := r.AddTypedEventHandler(Handler[*corev1.ConfigMap]{
			Add:    func(obj *corev1.ConfigMap, initial bool) { told.add("add %s %v", show(obj), initial) },
			Update: func(before, after *corev1.ConfigMap) { told.add("update %s %s", show(before), show(after)) },
			Delete: func(last *corev1.ConfigMap, final bool) { told.add("delete %s %v", show(last), final) },
		})
		must(t, err)
		_, err = r.AddTypedEventHandler(Handler[*corev1.ConfigMap]{}) // hears nothing
		must(t, err)
		r.start()
		r.server.set("b", "")
		r.server.set("b", "1")
		r.server.remove("b")
		synctest.Wait()
		r.server.hangUp(errors.New("down"))
		r.server.remove("a") // unseen
		r.server.compact()
		r.server.hangUp(nil)
		time.Sleep(5 * time.Minute)
		want := []string{"add a true", "add b false", "update b b=1", "delete b=1 true", "delete a false"}
		if diff := cmp.Diff(want, told.take()); diff != "" {
			t.Errorf("handler was told (-want +got):\n%s", diff)
		}
	})
}
