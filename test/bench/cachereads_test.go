package bench

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// lookups are questions to the cache of an informer that is indexed by namespace and node.
var lookups = []struct {
	name string
	// do returns how many pods answer a question about pod.
	do func(informer podInformer, pod *corev1.Pod) (int, error)
	// want is how many there are, if so many are cached.
	want func(cached int) int
}{
	{"get", func(informer podInformer, pod *corev1.Pod) (int, error) {
		found, err := informer.lister.inNamespace(pod.Namespace).Get(pod.Name)
		if err != nil {
			return 0, err
		}
		if found.Name != pod.Name {
			return 0, fmt.Errorf("got %s", found.Name)
		}
		return 1, nil
	}, func(int) int { return 1 }},
	{"list-all", func(informer podInformer, _ *corev1.Pod) (int, error) {
		found, err := informer.lister.list(labels.Everything())
		return len(found), err
	}, func(cached int) int { return cached }},
	{"list-namespace", func(informer podInformer, pod *corev1.Pod) (int, error) {
		found, err := informer.lister.inNamespace(pod.Namespace).List(labels.Everything())
		return len(found), err
	}, func(cached int) int { return cached / namespaces }},
	{"list-selector", func(informer podInformer, pod *corev1.Pod) (int, error) {
		found, err := informer.lister.list(labels.SelectorFromSet(labels.Set{appLabel: pod.Labels[appLabel]}))
		return len(found), err
	}, func(int) int { return replicas }},
	{"by-index", func(informer podInformer, pod *corev1.Pod) (int, error) {
		found, err := informer.indexer.ByIndex(nodeIndex, pod.Spec.NodeName)
		return len(found), err
	}, func(int) int { return podsOnNode }},
}

// BenchmarkInformerLister asks each of lookups.
func BenchmarkInformerLister(b *testing.B) {
	for _, l := range lookups {
		b.Run(l.name, func(b *testing.B) {
			overSizes(b, func(b *testing.B, pods []*corev1.Pod, stack informerStack) {
				informer := stack.local(&localPods{pods: pods}, indexes(2))
				startForBenchmark(b, informer)
				i, want := 0, l.want(len(pods))
				measureOps(b, func() {
					got, err := l.do(informer, pods[i%len(pods)])
					if err != nil || got != want {
						b.Fatalf("got %d pods, want %d; error %v", got, want, err)
					}
					i += 7919 // a prime, so that it comes by all pods and not in their order
				})
			})
		})
	}
}

// readers is how many goroutines list while one updates.
const readers = 8

// BenchmarkInformerReaders has some goroutines list the pods of a namespace all the time, while an op of the benchmark is an
// update of one pod.
func BenchmarkInformerReaders(b *testing.B) {
	overStacks(b, func(b *testing.B, stack informerStack) {
		pods := clusterPods(cachedPods)
		informer := stack.local(&localPods{pods: pods}, indexes(2))
		startForBenchmark(b, informer)
		update, err := updatePods(func() podIndexer { return informer.indexer }, pods)
		if err != nil {
			b.Fatal(err)
		}

		var reads atomic.Int64
		var wg sync.WaitGroup
		stop := make(chan struct{})
		for reader := range readers {
			namespace := informer.lister.inNamespace(workloadNamespace(reader))
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if found, err := namespace.List(labels.Everything()); err != nil || len(found) != cachedPods/namespaces {
						b.Errorf("got %d pods, error %v", len(found), err)
						return
					}
					reads.Add(1)
				}
			})
		}
		longest := time.Duration(0)
		for b.Loop() {
			begin := time.Now()
			if err := update(); err != nil {
				b.Fatal(err)
			}
			longest = max(longest, time.Since(begin))
		}
		elapsed := b.Elapsed().Seconds()
		close(stop)
		wg.Wait()
		b.ReportMetric(float64(reads.Load())/elapsed, "reads/s")
		b.ReportMetric(float64(b.N)/elapsed, "writes/s")
		b.ReportMetric(float64(longest.Microseconds()), "longest-write-µs")
		b.ReportMetric(0, "ns/op")
	})
}
