package faultmatrix

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// row is one of the fault matrix.
type row struct {
	number int
	name   string
	cases  []scenario
}

// scenario is one way to play a row.
type scenario struct {
	name string
	// rigs selects the kinds of informer that it makes sense for; nil: all.
	rigs func(rig.Kind) bool
	// pages says that it is about lists with pages, or about a watch that is not the rest of a list.
	pages bool
	// slow says why it takes minutes over TCP, and hours why it cannot be played there at all; empty if it does not.
	slow, hours string
	// within is how long after the last fault the informers may need to be where the server is; 0 for patience.
	within time.Duration
	// alone says that nothing else runs meanwhile, so that memory can be measured. It is played over TCP only with -slow.
	alone bool
	// deep says that it takes much computing. It is played only with -slow.
	deep bool
	// huge says that it takes some GB. It is played only with -slow, and without the race detector, which would take several times
	// as many.
	huge bool
	// server has options for the server; it may be nil.
	server func(*S) []apiservertest.Option
	play   func(*S)
}

const (
	// aWait is the longest wait after an error that the server, or the network, lets the client see: twice 30 seconds.
	aWait = 65 * time.Second
	// patience is for three errors in a row: a server that is not there, history that is gone, and a version that is too large.
	patience = 3 * aWait
)

// TestMatrix plays the fault matrix.
func TestMatrix(t *testing.T) {
	var memory, tcp, alone []run
	all := flags.runs(rows)
	for _, r := range all {
		switch {
		case r.scenario.alone:
			alone = append(alone, r)
		case r.net == "tcp":
			tcp = append(tcp, r)
		default:
			memory = append(memory, r)
		}
	}
	var workers sync.WaitGroup
	begin := func(n int, runs []run) {
		work(t, &workers, n, runs, func() { played.progress(os.Stdout, len(all)) })
	}
	begin(2, memory) // which compute
	begin(waiters(), tcp)
	workers.Wait()
	begin(1, alone)
	workers.Wait()
}

// waiters is how many runs over TCP wait at once, which is what they mostly do.
func waiters() int { return full(16, 64) }

// work begins to play runs, some at a time, and calls done after each.
func work(t *testing.T, workers *sync.WaitGroup, n int, runs []run, done func()) {
	queue := make(chan run, len(runs))
	for _, r := range runs {
		queue <- r
	}
	close(queue)
	for range n {
		workers.Go(func() {
			for r := range queue {
				t.Run(r.name(), func(t *testing.T) {
					if r.net == "tcp" {
						play(t, r)
						return
					}
					synctest.Test(t, func(t *testing.T) { play(t, r) })
				})
				done()
			}
		})
	}
}

// play plays a scenario, and reports what was wrong.
func play(t *testing.T, r run) {
	s := newS(t, r)
	r.scenario.play(s)
	violations := s.end()
	played.add(r.row, len(violations))
	if len(violations) == 0 {
		return
	}
	played.violated(os.Stdout, r, violations[0])
	const most = 6
	var text strings.Builder
	for n, v := range violations {
		if n == most {
			fmt.Fprintf(&text, "\n  and %d more", len(violations)-most)
			break
		}
		fmt.Fprintf(&text, "\n  %.2000s", v)
	}
	t.Errorf("%d violations:%s\n%s  replay: %s", len(violations), &text, s.story(), r.replay())
}
