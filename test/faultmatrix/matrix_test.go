package faultmatrix

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "the only seed; 0: others for each kind of informer, one of them random")
	seedsFlag = flag.Int("seeds", 1, "how many seeds each case is played with in memory, for each kind of informer")
	rigFlag   = flag.String("rig", "", "the only kind of informer, such as typed-json; empty: all")
	netFlag   = flag.String("net", "", "the only network, memory or tcp; empty: both")
	slowFlag  = flag.Bool("slow", false, "play over TCP also what takes minutes there, and all with its full numbers")
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
	// slow says why it takes minutes over TCP; empty if it does not.
	slow string
	// within is how long after the last fault the informers may need to be where the server is; 0 for patience.
	within time.Duration
	// alone says that nothing else runs meanwhile, so that memory can be measured.
	alone bool
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

// run is one play of a scenario.
type run struct {
	row      row
	scenario scenario
	net      string
	kind     rig.Kind
	seed     uint64
}

func (r run) path() string {
	return fmt.Sprintf("row-%02d/%s", r.row.number, r.scenario.name)
}

func (r run) name() string {
	return fmt.Sprintf("%s/%s/%s/seed=%d", r.path(), r.net, r.kind.Name, r.seed)
}

// replay is the command that plays it again.
func (r run) replay() string {
	more := ""
	if *pendingFlag {
		more = " -pending"
	}
	return fmt.Sprintf("go test -race ./test/faultmatrix -run 'TestMatrix/%s/' -seed %d -rig %s -net %s%s", r.path(), r.seed, r.kind.Name, r.net, more)
}

// TestMatrix plays the fault matrix.
func TestMatrix(t *testing.T) {
	var memory, tcp, alone []run
	for _, row := range rowsToPlay() {
		for _, scenario := range row.cases {
			kinds := kindsFor(scenario)
			if len(kinds) == 0 {
				continue
			}
			chosen := hash(row.name+scenario.name) % len(kinds)
			for n, kind := range kinds {
				if scenario.alone { // which is expensive: with one kind, too
					if n == chosen || *rigFlag != "" {
						alone = append(alone, run{row, scenario, "memory", kind, seeds(n, chosen)[0]})
					}
					continue
				}
				for _, seed := range seeds(n, chosen) {
					memory = append(memory, run{row, scenario, "memory", kind, seed})
				}
				// Over TCP each case is played with one kind of informer, another one in each case.
				if (n == chosen || *rigFlag != "") && (scenario.slow == "" || *slowFlag) {
					tcp = append(tcp, run{row, scenario, "tcp", kind, seeds(n, chosen)[0]})
				}
			}
		}
	}
	var workers sync.WaitGroup
	work(t, &workers, 2, memory) // which compute
	work(t, &workers, 16, tcp)   // which mostly wait
	workers.Wait()
	work(t, &workers, 1, alone)
	workers.Wait()
}

func kindsFor(s scenario) (kinds []rig.Kind) {
	for _, kind := range rig.Kinds {
		if (s.rigs == nil || s.rigs(kind)) && (*rigFlag == "" || *rigFlag == kind.Name) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// seeds are those for the n-th kind of informer: fixed ones, others for each kind, and for the chosen kind a random one.
func seeds(n, chosen int) []uint64 {
	if *seedFlag != 0 {
		return []uint64{*seedFlag}
	}
	var all []uint64
	for i := range *seedsFlag {
		all = append(all, uint64(1+n+i*len(rig.Kinds)))
	}
	if n == chosen {
		all[len(all)-1] = 1e3 + rand.Uint64N(1e9)
	}
	return all
}

func hash(text string) int {
	h := fnv.New32()
	_, _ = h.Write([]byte(text)) // never fails
	return int(h.Sum32() >> 1)
}

// work begins to play runs, some at a time.
func work(t *testing.T, workers *sync.WaitGroup, n int, runs []run) {
	queue := make(chan run, len(runs))
	for _, r := range runs {
		if *netFlag == "" || *netFlag == r.net {
			queue <- r
		}
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
