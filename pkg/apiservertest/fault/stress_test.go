package fault

import (
	"sync"
	"testing"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// TestManyClientsUnderManyFaults gives everyone an error, or all that was asked for, and leaves a server that works.
func TestManyClientsUnderManyFaults(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		watches := request.Match{Verbs: []string{"watch"}}
		for _, rule := range []Rule{
			{Probability: 0.1, Effect: Break(Abort)},
			{Probability: 0.05, Effect: Break(Reset)},
			{Probability: 0.1, Effect: Status(503, "1")},
			{Probability: 0.1, Effect: Cut(7, Abort)},
			{Probability: 0.05, Effect: Cut(7, Close)},
			{Probability: 0.1, Effect: Goaway()},
			{Probability: 0.1, Effect: Trickle(10, 0)},
			{Probability: 0.05, Effect: CutWire(200, Close)},
			{Match: watches, Probability: 0.3, Effect: Duplicate(Events{}, 1)},
			{Match: watches, Probability: 0.3, Effect: StopBefore(Events{Name: "d"}, Abort)},
		} {
			r.Add(rule)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 25 {
					if a := r.get("/version"); a.err == nil && a.code == 200 && a.body != version {
						t.Errorf("%+v", a)
					}
					if a := r.get(pods + "?watch=1"); a.err == nil && a.code == 200 {
						if got := events("JSON", a.body); len(got) != 5 && len(got) != 10 {
							t.Errorf("%q", got)
						}
					}
				}
			})
		}
		wg.Wait()
		r.RemoveAll()
		for range 50 { // connections that are on their way down may still be tried
			if a := r.get("/version"); a.err == nil {
				break
			}
		}
		r.again()
	})
}
