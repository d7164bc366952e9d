package faultmatrix

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// S is a scenario that is being played: a world, informers, and what must hold of them.
type S struct {
	*testing.T
	*rig.World
	Kind   rig.Kind
	Random *rand.Rand // may be used concurrently
	run    run
	fake   bool
	// started is the revision at which the first informer had started, never before that.
	started atomic.Int64
	clock   atomic.Int64 // by how much the server's clock is ahead, see jumping

	shared    *http.Client // see sharedClient
	informers []*rig.Informer
	rules     []*fault.Fault // those that must hit something
	writers   sync.WaitGroup

	mu         sync.Mutex // guards violations
	violations []check.Violation

	// What the checks are to know.
	disordered bool            // see check.Informer
	except     map[string]bool // see check.Informer
	envelope   *check.Envelope // nil: the usual one
	panics     int             // how many are expected
}

// What both the test and the world have is that of the test.
func (s *S) Helper()                           { s.T.Helper() }
func (s *S) Errorf(format string, args ...any) { s.T.Helper(); s.T.Errorf(format, args...) }
func (s *S) Context() context.Context          { return s.T.Context() }

func newS(t *testing.T, r run) *S {
	s := &S{T: t, Kind: r.kind, Random: rand.New(&source{pcg: rand.NewPCG(r.seed, uint64(hash(r.path())))}), run: r, fake: r.net == "memory"}
	s.started.Store(never)
	options := []apiservertest.Option{apiservertest.WithSeed(r.seed)}
	if r.scenario.server != nil {
		options = append(options, r.scenario.server(s)...)
	}
	if s.fake {
		options = append(options, apiservertest.WithInMemoryNetwork())
	}
	s.World = rig.NewWorld(t, options...)
	if !s.fake {
		s.Slack = inRealTime
	}
	return s
}

// never is a revision that no server reaches.
const never = math.MaxInt64

// source is a source of random numbers for several goroutines.
type source struct {
	mu  sync.Mutex // guards pcg
	pcg *rand.PCG
}

func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pcg.Uint64()
}

// within is how long the informers may need to be where the server is.
func (s *S) within() time.Duration {
	if s.run.scenario.within > 0 {
		return s.run.scenario.within
	}
	return patience
}

// informer makes an informer with two handlers, of which one looks at the whole cache each time.
func (s *S) informer(o rig.Options) *rig.Informer {
	s.Helper()
	i := s.bare(o)
	s.handle(i, "watching", rig.HandlerOptions{Watches: true})
	s.handle(i, "untyped", rig.HandlerOptions{Untyped: true})
	return i
}

// bare makes an informer without handlers.
func (s *S) bare(o rig.Options) *rig.Informer {
	s.Helper()
	o.Paged = o.Paged || s.run.scenario.pages
	i := rig.NewInformer(s.World, s.Kind, fmt.Sprintf("%s%04d", rig.UserAgents, len(s.informers)), o)
	s.informers = append(s.informers, i)
	return i
}

// handle adds a handler, and notes when it has synced.
func (s *S) handle(i *rig.Informer, name string, o rig.HandlerOptions) *rig.Handler {
	s.Helper()
	h, err := i.Handle(name, o)
	if err != nil {
		s.T.Fatal(err)
	}
	h.Await()
	return h
}

// start makes an informer, runs it, and waits until it is where the server is.
func (s *S) start(o rig.Options) *rig.Informer {
	s.Helper()
	i := s.informer(o)
	i.Start()
	s.converge()
	s.await(aWait, func() bool { return s.watches(i) })
	s.started.CompareAndSwap(never, s.Revision())
	return i
}

// settle lets everything happen that can happen at once. Over TCP nobody knows when that is.
func (s *S) settle() {
	if s.fake {
		synctest.Wait()
	}
}

// unhurried says whether time passes as the scenario wants it: always in memory, where that takes none, and over TCP in those
// that are said to be slow.
func (s *S) unhurried() bool { return s.fake || s.run.scenario.slow != "" }

// sleep lets time pass: all of d, or at most a tenth of a second where that is only to let others work.
func (s *S) sleep(d time.Duration) {
	if !s.unhurried() {
		d = min(d, 100*time.Millisecond)
	}
	time.Sleep(d)
	s.settle()
}

// upTo is a random duration.
func (s *S) upTo(d time.Duration) time.Duration { return time.Duration(s.Random.Int64N(int64(d))) }

// inRealTime is the least that anything may take over TCP.
const inRealTime = time.Minute

// await waits until something is true, and says whether that was in time. Over TCP a machine that is busy needs some, too.
func (s *S) await(within time.Duration, is func() bool) bool {
	step := 50 * time.Millisecond
	if !s.fake {
		within, step = max(within, inRealTime), 3*time.Millisecond
	}
	for begin := time.Now(); ; {
		s.settle()
		if is() {
			return true
		}
		if time.Since(begin) > within {
			return false
		}
		time.Sleep(step)
		step = min(step*11/10, 5*time.Second)
	}
}

// converge waits until the informers are where the server is, and reports those that do not get there in time.
func (s *S) converge() {
	s.Helper()
	begin, lag := time.Now(), ""
	ok := s.await(s.within(), func() bool {
		server := s.State()
		for _, i := range s.informers {
			if i.IsStopped() {
				continue
			}
			if lag = i.Lag(server); lag != "" {
				lag = i.Name + ": " + lag + lastHeard(i)
				return false
			}
		}
		return true
	})
	if !ok {
		s.violate("I1", "%v after the fault it is still not where the server is: %s", time.Since(begin), lag)
	}
}

// lastHeard is the last error that an informer told.
func lastHeard(i *rig.Informer) string {
	heard := i.Heard()
	if len(heard) == 0 {
		return "; it told no error"
	}
	last := heard[len(heard)-1]
	return fmt.Sprintf("; its last error, %v ago, is: %v", time.Since(last.At), last.Err)
}

// violate reports that something does not hold which only this row demands.
func (s *S) violate(invariant, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, check.Violation{Invariant: invariant, What: fmt.Sprintf(format, args...)})
}

// must reports an error that there must not be.
func (s *S) must(err error) {
	s.Helper()
	if err != nil {
		s.T.Errorf("%v", err)
	}
}

// listsOf selects the lists of an informer.
func (s *S) listsOf(i *rig.Informer) request.Match {
	match := requests("list")
	match.UserAgent = i.Name
	return match
}

// watches says whether a watch of an informer is open, on both sides: over TCP the informer may not have the answer yet, and a
// request that breaks then is repeated without a word.
func (s *S) watches(i *rig.Informer) bool {
	answered, open := 0, false
	for e := range s.Record().Entries(i.Requests("watch")) {
		if e.Status == http.StatusOK {
			answered++
			open = open || e.Ending == record.Running
		}
	}
	return open && (s.fake || i.Status().Watches >= answered)
}

// count is how many lists, or watches, the informers have begun. Pages behind the first are no lists.
func (s *S) count(what string) int {
	match := requests(what)
	match.UserAgent = rig.UserAgents
	n := 0
	for e := range s.Record().Entries(match) {
		if e.Query.Get("continue") == "" {
			n++
		}
	}
	return n
}

// times is a random number from 1 to n; over TCP it is 1, for what is done so often mostly costs a wait.
func (s *S) times(n int) int {
	if !s.fake {
		n = 1
	}
	return 1 + s.Random.IntN(n)
}

// churn makes a random number of random writes, n on average.
func (s *S) churn(n int) { s.Churn(s.Random, 1+s.Random.IntN(2*n)) }

// write makes n random writes in the background, with times between them that are one second on average.
func (s *S) write(n int) {
	random := rand.New(rand.NewPCG(s.Random.Uint64(), 0))
	s.writers.Go(func() {
		for range n {
			pause := time.Duration(random.Int64N(int64(2 * time.Second)))
			if !s.fake {
				pause /= 100
			}
			time.Sleep(pause)
			s.Churn(random, 1)
		}
	})
}
