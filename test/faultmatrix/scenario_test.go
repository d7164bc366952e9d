package faultmatrix

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
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

	shared     *http.Client // see sharedClient
	informers  []*rig.Informer
	rules      []*fault.Fault // those that must hit something
	violations []check.Violation
	writers    sync.WaitGroup

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
	s.violations = append(s.violations, check.Violation{Invariant: invariant, What: fmt.Sprintf(format, args...)})
}

// must reports an error that there must not be.
func (s *S) must(err error) {
	s.Helper()
	if err != nil {
		s.T.Errorf("%v", err)
	}
}

// on lets an effect hit requests of the informers: their lists, or their watches, "" for both; the first times of them, 0 for
// all. A watch that begins with a list is a list.
func (s *S) on(what string, times int, effect fault.Effect) *fault.Fault {
	return s.rule(fault.Rule{Match: requests(what), Times: times, Effect: effect})
}

// onEvents lets an effect hit the first watches, 0 for all, those that begin with a list, too. It should be one that is about
// live events.
func (s *S) onEvents(times int, effect fault.Effect) *fault.Fault {
	return s.rule(fault.Rule{Match: request.Match{Verbs: []string{"watch"}}, Times: times, Effect: effect})
}

// live are those of the events that tell what happens after the informer has started, and not what it finds.
func (s *S) live(events fault.Events) fault.Events {
	events.Where = func(e fault.Event) bool {
		version, err := strconv.ParseInt(e.Object.ResourceVersion, 10, 64)
		return err == nil && version > s.started.Load()
	}
	return events
}

// requests selects lists, watches, or with "" both.
func requests(what string) request.Match {
	return request.Match{Verbs: []string{"list", "watch"}, Where: func(r request.Info) bool { return what == "" || isList(r) == (what == "list") }}
}

// isList says whether a request is a list, or a page of one, or a watch that begins with one.
func isList(r request.Info) bool {
	return r.Verb == "list" || r.Query.Get("sendInitialEvents") == "true"
}

// rule adds a rule for requests of the informers, or of one whose name the rule has as user agent.
func (s *S) rule(r fault.Rule) *fault.Fault {
	if r.UserAgent == "" {
		r.UserAgent = rig.UserAgents
	}
	f := s.Faults().Add(r)
	s.rules = append(s.rules, f)
	return f
}

// optional says that a fault need not happen.
func (s *S) optional(f *fault.Fault) {
	s.rules = slices.DeleteFunc(s.rules, func(other *fault.Fault) bool { return other == f })
}

// hit waits until a fault has hit n requests.
func (s *S) hit(f *fault.Fault, n int, within time.Duration) {
	s.Helper()
	if !s.await(within, func() bool { return f.Hits() >= n }) {
		s.violate("row", "%s has hit %d of %d requests in %v: the scenario does not do what it should", f.Name(), f.Hits(), n, within)
	}
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

// end takes the faults away, and checks everything: the informers have to get where the server is, a handler that comes now
// has to be told all, and nothing is left when they are stopped.
func (s *S) end() []check.Violation {
	s.writers.Wait()
	s.must(s.Start())
	for _, f := range s.rules {
		s.hit(f, 1, s.within())
	}
	s.Faults().RemoveAll()
	s.converge()
	for _, i := range s.informers {
		if !i.IsStopped() {
			s.handle(i, "late", rig.HandlerOptions{})
		}
	}
	s.converge()
	s.await(s.within(), func() bool { // for what must become true; whether it has is checked with the rest
		for _, i := range s.informers {
			if !i.IsStopped() && (!i.Synced() || !i.HeardAll()) {
				return false
			}
		}
		return true
	})

	server := s.State()
	result := check.Run{Server: server}
	final := map[*rig.Informer]check.Objects{}
	for _, i := range s.informers {
		if !i.IsStopped() {
			final[i] = i.Cache()
			i.CheckIndexes()
			s.checkStatus(i, len(final[i]))
		}
	}
	for _, i := range s.informers {
		i.Stop(s.stopWithin())
	}
	s.settle()
	if s.fake {
		result.Left = rig.GoroutinesLeft()
	}
	closed := func() bool {
		for _, i := range s.informers {
			i.CloseConnections()
		}
		if s.shared != nil {
			s.shared.CloseIdleConnections()
		}
		return len(rig.ConnectionsLeft(s.Server)) == 0
	}
	// Where both sides close at once, TLS waits 5 seconds for a connection that has no buffer to take its last words.
	if !s.await(10*time.Second, closed) {
		result.Left = append(result.Left, rig.ConnectionsLeft(s.Server)...)
	}
	result.History = s.History()
	result.Informers = rig.Report(s.World, s.informers, final)
	for n, i := range result.Informers {
		i.Disordered, i.Except, i.Envelope, i.MustSync = s.disordered, s.except, usual, i.Final != nil
		if s.envelope != nil {
			i.Envelope = *s.envelope
		}
		for _, h := range i.Handlers {
			if i.Final == nil { // it was stopped before the end
				h.Until = check.Removal
			}
			h.MustSync = h.Until == check.End
		}
		panics := s.informers[n].TakePanics()
		result.Panics = append(result.Panics, panics[min(s.panics, len(panics)):]...)
	}
	s.Close()
	return append(s.violations, result.Check()...)
}

// checkStatus wants that an informer for which all is well says so (I14).
func (s *S) checkStatus(i *rig.Informer, objects int) {
	status := i.Status()
	if !status.Synced || status.Objects != objects || len(status.Quarantined) != 0 || status.Backlog != 0 || status.HandlerBacklog != 0 {
		s.violate("I14", "all is well, with %d objects, and the informer says %+v", objects, status)
	}
}

// story is what the informers asked for last, and what became of it, for whoever looks for the cause of a violation.
func (s *S) story() string {
	const most = 12
	var all []string
	var begin time.Time
	for e := range s.Record().Entries(request.Match{UserAgent: rig.UserAgents}) {
		if begin.IsZero() {
			begin = e.Start
		}
		all = append(all, fmt.Sprintf("  at %v %s by %s, version %q: status %d, %s after %v, %d frames, faults %q\n",
			e.Start.Sub(begin), e.Info, e.UserAgent, e.Query.Get("resourceVersion"), e.Status, e.Ending, e.Duration, e.FrameCount, e.Faults))
	}
	for _, i := range s.informers[:min(1, len(s.informers))] {
		heard := i.Heard()
		for _, h := range heard[max(0, len(heard)-most):] {
			all = append(all, fmt.Sprintf("  at %v error %v\n", h.At.Sub(begin), h.Err))
		}
	}
	return strings.Join(all[max(0, len(all)-2*most):], "")
}

// stopWithin is how long an informer may take to stop: no time at all, which only fake time can tell from a little.
func (s *S) stopWithin() time.Duration {
	if s.fake {
		return 0
	}
	return 30 * time.Second
}

// ofPages is the envelope of lists in pages, which follow each other at once.
var ofPages = check.Envelope{Pause: usual.Pause}

// usual is the envelope of requests unless a row says otherwise. Waits after errors are 0.8 seconds at first, twice that
// after the next one, and so on; within an attempt, a request may be sent several times.
var usual = check.Envelope{
	Limits: []check.Limit{{Count: 15, In: 5 * time.Second}, {Count: 40, In: time.Minute}, {Count: 150, In: 10 * time.Minute}},
	Pause:  50 * time.Millisecond,
}
