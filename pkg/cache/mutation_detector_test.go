package cache

import (
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
