package fanout

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// updates are notifications of n objects.
func updates(n int) (notifications []Notification[*state]) {
	for i := range n {
		notifications = append(notifications, Notification[*state]{Kind: Update, Key: fmt.Sprint("namespace/name-", i), Old: &state{}, New: &state{}})
	}
	return notifications
}

func BenchmarkDistribute(b *testing.B) {
	for _, handlers := range []int{1, 3, 1000} {
		for name, policy := range map[string]Queue{"unbounded": Unbounded(), "coalescing": Coalescing(), "bounded": Bounded(1000)} {
			b.Run(fmt.Sprintf("%s/handlers=%d", name, handlers), func(b *testing.B) {
				var f Fanout[*state]
				var handled sync.WaitGroup
				for range handlers {
					f.Join(b.Context(), NewRegistration(func(Notification[*state]) { handled.Done() }, Options{Queue: policy}, Hooks[*state]{}), time.Now(), nil)
				}
				notifications := updates(100)
				b.ReportAllocs()
				for b.Loop() {
					handled.Add(handlers * len(notifications))
					f.Distribute(time.Now(), notifications)
					if policy.coalesces { // one may stand for many
						for _, r := range f.registrations {
							for count, _ := r.Backlog(); count > 0; count, _ = r.Backlog() {
								runtime.Gosched()
							}
						}
						handled = sync.WaitGroup{}
						continue
					}
					handled.Wait()
				}
				b.ReportMetric(float64(b.N*len(notifications)*handlers)/b.Elapsed().Seconds(), "notifications/sec")
				f.Stop()
			})
		}
	}
}

// BenchmarkWriter measures what the writer pays to reach a thousand handlers that are busy with something else.
func BenchmarkWriter(b *testing.B) {
	for name, policy := range map[string]Queue{"unbounded": Unbounded(), "coalescing": Coalescing()} {
		b.Run(name, func(b *testing.B) {
			const handlers = 1000
			var f Fanout[*state]
			release := make(chan struct{})
			for range handlers {
				f.Join(b.Context(), NewRegistration(func(Notification[*state]) { <-release }, Options{Queue: policy}, Hooks[*state]{}), time.Now(), nil)
			}
			notifications := updates(100)
			b.ReportAllocs()
			for b.Loop() {
				f.Distribute(time.Now(), notifications)
			}
			b.ReportMetric(float64(b.N*len(notifications)*handlers)/b.Elapsed().Seconds(), "notifications/sec")
			for _, r := range f.registrations {
				r.Stop()
			}
			close(release)
			f.Stop()
		})
	}
}

// BenchmarkBacklog measures the memory of notifications that wait for blocked handlers.
func BenchmarkBacklog(b *testing.B) {
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	for name, policy := range map[string]Queue{"unbounded": Unbounded(), "coalescing": Coalescing()} {
		for _, handlers := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/handlers=%d", name, handlers), func(b *testing.B) {
				var took float64
				const batches = 100
				all := make([][]Notification[*state], batches)
				for b.Loop() {
					var f Fanout[*state]
					release := make(chan struct{})
					for range handlers {
						f.Join(b.Context(), NewRegistration(func(Notification[*state]) { <-release }, Options{Queue: policy}, Hooks[*state]{}), time.Now(), nil)
					}
					before := heap()
					for i := range all {
						f.Distribute(time.Now(), updates(MaxBatch))
						all[i] = nil
					}
					took += heap() - before
					for _, r := range f.registrations {
						r.Stop()
					}
					close(release)
					f.Stop()
				}
				b.ReportMetric(took/float64(b.N*handlers*batches*MaxBatch), "B/notification")
			})
		}
	}
}
