package informer

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
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
