package cache

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// detect runs a detector until it panics or stop is closed, and returns its message.
func detect(d MutationDetector, stop <-chan struct{}) <-chan string {
	result := make(chan string, 1)
	go func() {
		defer func() {
			message, _ := recover().(string)
			result <- message
		}()
		d.Run(stop)
	}()
	return result
}

func secret() *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "credentials", Labels: map[string]string{"app": "v-one"}},
		Data:       map[string][]byte{"password": []byte("hunter2")},
	}
}

func TestMutationDetectorNamesTheFieldsAndPrintsNoSecret(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "true")
	synctest.Test(t, func(t *testing.T) {
		d := NewCacheMutationDetector("test")
		object, other := secret(), secret()
		d.AddObject(other)
		d.AddObject(object)
		result := detect(d, nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		select {
		case message := <-result:
			t.Fatalf("Run ended although nothing has changed: %s", message)
		default:
		}
		object.Data["password"] = []byte("correct horse")
		object.Labels["app"] = "v-two"
		d.AddObject(secret()) // orders the change before the next look, for the race detector
		message := <-result
		want := "cache test: *v1.Secret ns/credentials was modified: data[password], metadata.labels[app]. "
		if !strings.HasPrefix(message, want) {
			t.Errorf("panic %q, want it to begin with %q", message, want)
		}
		for _, text := range []string{"hunter2", "correct horse", "v-one", "v-two"} {
			if strings.Contains(message, text) {
				t.Errorf("the panic prints %q: %s", text, message)
			}
		}
	})
}

// The name in the message is the one in the cache, whatever the program has made of it.
func TestMutationDetectorNamesTheObjectAsItWas(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "1")
	synctest.Test(t, func(t *testing.T) {
		d := NewCacheMutationDetector("test")
		object := secret()
		d.AddObject(object)
		object.Name = "other"
		if message := <-detect(d, nil); !strings.Contains(message, "*v1.Secret ns/credentials was modified: metadata.name") {
			t.Errorf("panic %q", message)
		}
	})
}

// A test that is over before the next look is looked at in the end.
func TestMutationDetectorLooksOnceMoreWhenStopped(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "true")
	synctest.Test(t, func(t *testing.T) {
		d := NewCacheMutationDetector("test")
		object, stop := secret(), make(chan struct{})
		d.AddObject(object)
		result := detect(d, stop)
		synctest.Wait()
		object.Data["more"] = nil
		close(stop)
		if message := <-result; !strings.Contains(message, "data[more]") {
			t.Errorf("panic %q", message)
		}
	})
}

func TestMutationDetectorForgetsAfterAWhile(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "true")
	synctest.Test(t, func(t *testing.T) {
		d := NewCacheMutationDetector("test")
		object, stop := secret(), make(chan struct{})
		d.AddObject(object)
		result := detect(d, stop)
		time.Sleep(mutationWatch + 2*mutationCheck)
		synctest.Wait()
		object.Name = "other"
		close(stop)
		if message := <-result; message != "" || len(d.(*cacheMutationDetector).watched) != 0 {
			t.Errorf("panic %q, %d objects are kept", message, len(d.(*cacheMutationDetector).watched))
		}
	})
}

func TestMutationDetectorIgnoresWhatIsNoObject(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "true")
	synctest.Test(t, func(t *testing.T) {
		d := NewCacheMutationDetector("test")
		var none *corev1.Secret
		for _, obj := range []interface{}{nil, "text", DeletedFinalStateUnknown{}, none} {
			d.AddObject(obj)
		}
		stop := make(chan struct{})
		close(stop)
		if message := <-detect(d, stop); message != "" {
			t.Errorf("panic %q", message)
		}
	})
}

func TestMutationDetectorIsOffByDefault(t *testing.T) {
	for _, value := range []string{"", "false", "0", "perhaps"} {
		t.Setenv(mutationDetectorVariable, value)
		d := NewCacheMutationDetector("test")
		object := secret()
		d.AddObject(object)
		object.Name = "other"
		d.Run(nil) // returns
	}
}

// Whoever modifies an object of an informer is found, at the latest when the informer has ended: the process ends, and says
// which object it was and what is different.
func TestInformerFindsMutations(t *testing.T) {
	if os.Getenv(crashVariable) != "" {
		t.Setenv(mutationDetectorVariable, "true")
		contract(t, 0, []string{"a"}, func(r *rig) {
			_, err := r.AddEventHandler(ResourceEventHandlerFuncs{UpdateFunc: func(_, obj interface{}) {
				obj.(*corev1.ConfigMap).Data["value"] = "mine"
			}})
			must(r, err)
			r.start()
			r.server.set("a", "1")
			synctest.Wait()
		})
		return
	}
	for make := range makes {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$/^"+make+"$")
		cmd.Env = append(os.Environ(), crashVariable+"=1")
		output, err := cmd.CombinedOutput()
		want := "panic: cache *v1.ConfigMap: *v1.ConfigMap ns/a was modified: data[value]. "
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !strings.Contains(string(output), want) {
			t.Errorf("%s: the process ended with %v, want %q:\n%s", make, err, want, output)
		}
	}
}

// A detector that is on finds nothing where nobody modifies anything, watches what lists and events bring, and ends with
// the informer.
func TestInformerWithAMutationDetector(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "true")
	contract(t, 0, []string{"a", "b"}, func(r *rig) {
		r.logs()
		r.start()
		time.Sleep(time.Minute)
		r.server.set("a", "1")
		r.server.remove("b")
		synctest.Wait()
		if n := detectorOf(r).count(); n != 3 {
			r.Errorf("%d objects are watched, want two of the list and one of an event", n)
		}
		time.Sleep(mutationWatch + 2*mutationCheck)
		if n := detectorOf(r).count(); n != 0 {
			r.Errorf("%d objects are watched for ever", n)
		}
	})
}

func TestInformerWithoutAMutationDetector(t *testing.T) {
	t.Setenv(mutationDetectorVariable, "false")
	contract(t, 0, nil, func(r *rig) {
		if d := detectorOf(r); d != nil || entering[any](d) != nil {
			r.Error("a detector that is off is asked for each object")
		}
	})
}

// detectorOf is the detector of a rig's informer.
func detectorOf(r *rig) *cacheMutationDetector {
	switch informer := r.configMapInformer.(type) {
	case typedInformer[*corev1.ConfigMap]:
		return informer.detector
	case typedView[*corev1.ConfigMap]:
		return informer.SharedIndexInformer.(*sharedInformer[any]).detector
	default:
		r.Fatalf("an informer of type %T", informer)
		return nil
	}
}

func (d *cacheMutationDetector) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.watched)
}
