package apiservertest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

// TestConcurrentWritesAreToldToAllWatchesOnce: many write the same objects at once, while watches end and are resumed from the last version they saw. Each
// must have been told the history of the storage.
func TestConcurrentWritesAreToldToAllWatchesOnce(t *testing.T) {
	const writers, watchers, writes = 6, 8, 60
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		server := start(t, apiservertest.WithInMemoryNetwork())
		defer server.Close()
		client := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
		from := server.Revision()
		var writing, watching sync.WaitGroup
		told := make([][]string, watchers)
		for i := range watchers {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			watching.Go(func() { told[i] = follow(t, client, random, fmt.Sprint(from)) })
		}
		for i := range writers {
			random := rand.New(rand.NewPCG(seed, uint64(watchers+i)))
			writing.Go(func() {
				for range writes {
					writeSomething(t, client, random)
				}
			})
		}
		writing.Wait()
		if _, err := client.Create(t.Context(), configMap("end"), metav1.CreateOptions{}); err != nil {
			t.Error(err)
		}
		watching.Wait()
		want := historyOf(t, server, from)
		for i, got := range told {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("watcher %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// writeSomething creates, changes or deletes one of a few objects, if the others let it.
func writeSomething(t *testing.T, client v1.ConfigMapInterface, random *rand.Rand) {
	ctx, name := t.Context(), fmt.Sprint("c", random.IntN(3))
	var err error
	switch random.IntN(5) {
	case 0:
		err = client.Delete(ctx, name, metav1.DeleteOptions{})
	case 1, 2:
		_, err = client.Create(ctx, configMap(name), metav1.CreateOptions{})
	default:
		var c *corev1.ConfigMap
		if c, err = client.Get(ctx, name, metav1.GetOptions{}); err == nil {
			c.Data = map[string]string{"v": fmt.Sprint(random.Uint64())}
			_, err = client.Update(ctx, c, metav1.UpdateOptions{})
		}
	}
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsAlreadyExists(err) && !apierrors.IsConflict(err) {
		t.Error(err)
	}
}

// follow watches until the object "end" is there, with watches that it ends now and then.
func follow(t *testing.T, client v1.ConfigMapInterface, random *rand.Rand, version string) (told []string) {
	for {
		events, err := client.Watch(context.Background(), metav1.ListOptions{ResourceVersion: version})
		if err != nil {
			t.Error(err)
			return told
		}
		for range 1 + random.IntN(20) {
			event := <-events.ResultChan()
			c, ok := event.Object.(*corev1.ConfigMap)
			if !ok {
				t.Errorf("%s %v", event.Type, event.Object)
				return told
			}
			version = c.ResourceVersion
			if told = append(told, fmt.Sprint(event.Type, " ", c.Name, " ", version)); c.Name == "end" {
				events.Stop()
				return told
			}
		}
		events.Stop()
	}
}

// historyOf is what the storage says of config maps in the words of follow.
func historyOf(t *testing.T, server *apiservertest.Server, from int64) (history []string) {
	t.Helper()
	events, err := server.Storage().Watch(schema.GroupResource{Resource: "configmaps"}, "", from)
	if err != nil {
		t.Fatal(err)
	}
	for {
		event, wait, err := events.TryNext()
		if err != nil {
			t.Fatal(err)
		}
		if wait != nil {
			return history
		}
		what := "MODIFIED"
		switch {
		case event.Old == nil:
			what = "ADDED"
		case event.New == nil:
			what = "DELETED"
		}
		history = append(history, fmt.Sprint(what, " ", event.Key.Name, " ", event.Revision))
	}
}
