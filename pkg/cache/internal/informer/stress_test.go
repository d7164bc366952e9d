package informer

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

func TestManyHandlersComeAndGoAtOnce(t *testing.T) {
	r := newRig(time.Second)
	r.start(t)
	r.replace(t, "0")
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for range 10 {
				registration, err := r.Join(func(fanout.Notification[object]) {}, fanout.Options{Resync: time.Second})
				if err != nil {
					t.Error(err)
					return
				}
				r.Leave(registration)
				<-registration.Done()
			}
		})
	}
	for i := range 1000 {
		r.apply(t, watch.Modified, object(fmt.Sprintf("%d@%d", i%10, i)))
		if i%100 == 0 {
			r.replace(t, fmt.Sprint(i), object(fmt.Sprintf("1@%d", i)))
		}
	}
	wg.Wait()
	r.end()
}

func TestStopWhileEverythingHappens(t *testing.T) {
	for i := range 20 {
		r := newRig(time.Second)
		r.start(t)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					registration, err := r.Join(func(fanout.Notification[object]) {}, fanout.Options{})
					if err != nil {
						return
					}
					r.Leave(registration)
					<-registration.Done()
				}
			})
		}
		for n := range i * 10 {
			r.apply(t, watch.Modified, object(fmt.Sprintf("%d@%d", n%10, n)))
		}
		r.end()
		wg.Wait()
	}
}

func BenchmarkEvents(b *testing.B) {
	r := newRig(0)
	ctx, cancel := context.WithCancel(b.Context())
	var told sync.WaitGroup
	for range 3 {
		if _, err := r.Join(func(fanout.Notification[object]) { told.Done() }, fanout.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	var run sync.WaitGroup
	sinks := make(chan reflector.Sink[object])
	run.Go(func() {
		if err := r.Run(ctx, func(ctx context.Context, sink reflector.Sink[object]) { sinks <- sink; <-ctx.Done() }); err != nil {
			b.Error(err)
		}
	})
	sink := <-sinks
	events := make([]reflector.Event[object], 1000)
	for i := range events {
		events[i] = reflector.Event[object]{Type: watch.Modified, Object: object(fmt.Sprintf("key-%d@1", i)), Version: "1"}
	}
	for b.Loop() {
		told.Add(3 * len(events))
		for _, e := range events {
			if err := sink.Apply(e); err != nil {
				b.Fatal(err)
			}
		}
		told.Wait()
	}
	b.ReportMetric(float64(b.N*len(events))/b.Elapsed().Seconds(), "objects/sec")
	cancel()
	run.Wait()
}
