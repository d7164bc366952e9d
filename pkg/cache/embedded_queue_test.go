package cache_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache"
)

// tellingQueue is a user's queue: it notes what it is given, and is a DeltaFIFO otherwise.
type tellingQueue struct {
	*cache.DeltaFIFO
	given []string
}

func (q *tellingQueue) note(how string, obj any) {
	cm, ok := obj.(*corev1.ConfigMap)
	if !ok {
		q.given = append(q.given, fmt.Sprintf("%s %T", how, obj))
		return
	}
	q.given = append(q.given, how+" "+cm.Name)
}

func (q *tellingQueue) Add(obj any) error {
	q.note("add", obj)
	return q.DeltaFIFO.Add(obj)
}

func (q *tellingQueue) Replace(list []any, version string) error {
	for _, obj := range list {
		q.note("replace", obj)
	}
	return q.DeltaFIFO.Replace(list, version)
}

// The methods of a queue that embeds one of ours are called, with the objects of the server: the reflector has ways of its own
// into the latter only.
func TestQueueThatEmbedsOneOfOursGetsTheObjectsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		watcher := watch.NewRaceFreeFake()
		lw := &cache.ListWatch{
			ListFunc: func(metav1.ListOptions) (runtime.Object, error) {
				nameless := corev1.ConfigMap{}
				hello := corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "hello"}}
				return &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "1"}, Items: []corev1.ConfigMap{hello, nameless}}, nil
			},
			WatchFunc: func(metav1.ListOptions) (watch.Interface, error) { return watcher, nil },
		}
		transform := func(obj any) (any, error) { return obj, nil }
		queue := &tellingQueue{DeltaFIFO: cache.NewDeltaFIFOWithOptions(cache.DeltaFIFOOptions{Transformer: transform})}
		r := cache.NewReflectorWithOptions(cache.ToListWatcherWithWatchListSemantics(lw, configMapClient{}), &corev1.ConfigMap{}, queue, cache.ReflectorOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.RunWithContext(ctx)
		}()
		synctest.Wait()
		watcher.Add(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "new", ResourceVersion: "2"}})
		synctest.Wait()
		cancel()
		<-done
		if want := []string{"replace hello", "add new"}; !slices.Equal(queue.given, want) {
			t.Errorf("the queue was given %q, want %q", queue.given, want)
		}
	})
}
