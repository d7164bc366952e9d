package bench

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/watch"
)

// burst is how many updates are one op.
const burst = 1_000

// BenchmarkInformerHandlers tells handlers of changes: an op is a number of updates that have reached all of them.
func BenchmarkInformerHandlers(b *testing.B) {
	for _, n := range []int{1, 10, 50} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			overStacks(b, func(b *testing.B, stack informerStack) {
				pods := clusterPods(burst)
				source := &localPods{pods: pods, changes: make(chan watch.Event)}
				informer := stack.local(source, indexes(1))
				var missing sync.WaitGroup
				for range n {
					if _, err := informer.handle(podHandler{updated: func(_, _ any) { missing.Done() }}); err != nil {
						b.Fatal(err)
					}
				}
				startForBenchmark(b, informer)
				version := listVersion
				measureOps(b, func() {
					missing.Add(n * burst)
					for _, pod := range pods {
						version++
						changed := *pod
						changed.ResourceVersion = strconv.Itoa(version)
						source.changes <- watch.Event{Type: watch.Modified, Object: &changed}
					}
					missing.Wait()
				})
			})
		})
	}
}

// BenchmarkInformerAddEventHandler adds a handler to an informer that is full, until it has seen all objects.
func BenchmarkInformerAddEventHandler(b *testing.B) {
	overStacks(b, func(b *testing.B, stack informerStack) {
		informer := stack.local(&localPods{pods: clusterPods(cachedPods)}, indexes(1))
		startForBenchmark(b, informer)
		measureOps(b, func() {
			var added atomic.Int64
			r, err := informer.handle(podHandler{added: func(any) { added.Add(1) }})
			if err != nil {
				b.Fatal(err)
			}
			<-r.synced
			if added.Load() != cachedPods {
				b.Fatalf("the handler saw %d pods, want %d", added.Load(), cachedPods)
			}
			if err := r.remove(); err != nil {
				b.Fatal(err)
			}
		})
	})
}
