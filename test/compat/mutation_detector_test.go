package compat

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// mutator names the make of informer whose objects this process modifies.
const mutator = "KUBEWRIGHT_TEST_MUTATES"

// With KUBE_CACHE_MUTATION_DETECTOR, which client-go reads when the process begins, an informer of either make ends the
// process when a handler has modified an object. Without it none does.
func TestMutationsEndTheProcess(t *testing.T) {
	makes := map[string]func(string) measured{"ours": ourInformer, "theirs": theirInformer}
	if newInformer, ok := makes[os.Getenv(mutator)]; ok {
		synctest.Test(t, func(t *testing.T) {
			m := newInformer("reserved")
			if err := m.onUpdate(func(obj interface{}) { obj.(*metav1.PartialObjectMetadata).Labels = map[string]string{"by": "me"} }); err != nil {
				t.Fatal(err)
			}
			m.during(t, func() { m.change(func(w *watch.RaceFreeFakeWatcher) { w.Modify(named("a", "6")) }) })
		})
		return
	}
	for make := range makes {
		for _, on := range []string{"true", "false"} {
			cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
			cmd.Env = append(os.Environ(), mutator+"="+make, "KUBE_CACHE_MUTATION_DETECTOR="+on)
			output, err := cmd.CombinedOutput()
			if panicked := strings.Contains(string(output), "panic: cache "); panicked != (on == "true") || panicked == (err == nil) {
				t.Errorf("%s, %s: the process ended with %v:\n%s", make, on, err, output)
			}
		}
	}
}
