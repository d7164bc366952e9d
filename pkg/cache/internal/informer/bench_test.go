package informer

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// pod is an object of the benchmarks.
type pod struct{ namespace, name, uid, version string }

const podCount = 20_000

func pods() []*pod {
	all := make([]*pod, podCount)
	for i := range all {
		all[i] = &pod{fmt.Sprint("namespace-", i%100), fmt.Sprint("pod-", i), fmt.Sprint("uid-", i), fmt.Sprint(i + 1)}
	}
	return all
}

// benchInformer runs an informer of pods with an index by namespace, and gives its sink to the test.
func benchInformer(b *testing.B, handlers []fanout.Handler[*pod], test func(*Informer[*pod], reflector.Sink[*pod])) {
	i := New(Options[*pod]{
		Key:      func(p *pod) (string, error) { return p.namespace + "/" + p.name, nil },
		Identity: func(p *pod) Identity { return Identity{types.UID(p.uid), p.version} },
		Store: store.Options[*pod]{Indexes: map[string]store.IndexFunc[*pod]{
			"namespace": func(p *pod) ([]string, error) { return []string{p.namespace}, nil },
		}},
	})
	for _, handler := range handlers {
		if _, err := i.Join(handler, fanout.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	var run sync.WaitGroup
	sinks := make(chan reflector.Sink[*pod])
	run.Go(func() {
		if err := i.Run(ctx, func(ctx context.Context, sink reflector.Sink[*pod]) { sinks <- sink; <-ctx.Done() }); err != nil {
			b.Error(err)
		}
	})
	test(i, <-sinks)
	cancel()
	run.Wait()
}

func BenchmarkEvents(b *testing.B) {
	for _, handlers := range []int{1, 3} {
		for _, readers := range []int{0, 2} {
			b.Run(fmt.Sprintf("handlers=%d/listing=%d", handlers, readers), func(b *testing.B) {
				var told sync.WaitGroup
				hear := func(fanout.Notification[*pod]) { told.Done() }
				all := make([]fanout.Handler[*pod], handlers)
				for i := range all {
					all[i] = hear
				}
				benchInformer(b, all, func(i *Informer[*pod], sink reflector.Sink[*pod]) {
					objects := pods()
					told.Add(handlers * podCount)
					if err := sink.Replace(reflector.List[*pod]{Objects: append([]*pod(nil), objects...), Version: "1"}); err != nil {
						b.Fatal(err)
					}
					told.Wait()
					stop := make(chan struct{})
					var reading sync.WaitGroup
					for range readers {
						reading.Go(func() {
							for {
								select {
								case <-stop:
									return
								default:
									i.Store().List()
								}
							}
						})
					}
					b.ReportAllocs()
					const events = 1000
					version := podCount
					for b.Loop() {
						told.Add(handlers * events)
						for e := range events {
							version++
							p := *objects[version%podCount]
							p.version = fmt.Sprint(version)
							if err := sink.Apply(reflector.Event[*pod]{Type: watch.Modified, Object: &p, Version: p.version}); err != nil {
								b.Fatal(err, e)
							}
						}
						told.Wait()
					}
					b.ReportMetric(float64(b.N*events)/b.Elapsed().Seconds(), "events/sec")
					close(stop)
					reading.Wait()
				})
			})
		}
	}
}

func BenchmarkLists(b *testing.B) {
	var told sync.WaitGroup
	hear := func(fanout.Notification[*pod]) { told.Done() }
	benchInformer(b, []fanout.Handler[*pod]{hear}, func(_ *Informer[*pod], sink reflector.Sink[*pod]) {
		objects := pods()
		b.ReportAllocs()
		for b.Loop() {
			told.Add(podCount)
			if err := sink.Replace(reflector.List[*pod]{Objects: append([]*pod(nil), objects...), Version: "1"}); err != nil {
				b.Fatal(err)
			}
			told.Wait()
		}
		b.ReportMetric(float64(b.N*podCount)/b.Elapsed().Seconds(), "objects/sec")
	})
}

// BenchmarkMemory measures what an informer takes beyond its objects, when it has taken a list and told a handler.
func BenchmarkMemory(b *testing.B) {
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	objects := pods()
	var took float64
	for b.Loop() {
		var told sync.WaitGroup
		told.Add(podCount)
		before := heap()
		hear := func(fanout.Notification[*pod]) { told.Done() }
		benchInformer(b, []fanout.Handler[*pod]{hear}, func(i *Informer[*pod], sink reflector.Sink[*pod]) {
			if err := sink.Replace(reflector.List[*pod]{Objects: append([]*pod(nil), objects...), Version: "1"}); err != nil {
				b.Fatal(err)
			}
			told.Wait()
			took += heap() - before
			runtime.KeepAlive(i)
		})
	}
	b.ReportMetric(took/float64(b.N*podCount), "B/object")
}

// BenchmarkWaiting measures what thousands of waiters cost a writer whose versions are not theirs yet.
func BenchmarkWaiting(b *testing.B) {
	for _, waiters := range []int{0, 10_000} {
		b.Run(fmt.Sprint("waiters=", waiters), func(b *testing.B) {
			var told sync.WaitGroup
			hear := func(fanout.Notification[*pod]) { told.Done() }
			benchInformer(b, []fanout.Handler[*pod]{hear}, func(i *Informer[*pod], sink reflector.Sink[*pod]) {
				for range waiters {
					i.waits.add("1000000000000")
				}
				p := &pod{"namespace", "name", "uid", "7"}
				for b.Loop() {
					told.Add(1)
					if err := sink.Apply(reflector.Event[*pod]{Type: watch.Modified, Object: p, Version: p.version}); err != nil {
						b.Fatal(err)
					}
					told.Wait()
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/sec")
			})
		})
	}
}
