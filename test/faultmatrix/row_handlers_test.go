package faultmatrix

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// panics: one of a handler is that handler's own: the others are told everything, and somebody hears of it. What becomes of the
// handler, its policy says (P9). The usual one is played with ReallyCrash of apimachinery's util/runtime being false: that it can end
// the process is for a test of its own process.
var panics = []scenario{
	{name: "usually", play: func(s *S) { panicAt(s, 1+s.times(8), cache.PanicCrash, func() { panic("handler broke") }) }},
	{name: "skip", play: func(s *S) { panicAt(s, 1+s.times(8), cache.PanicSkip, func() { panic(errors.New("handler broke")) }) }},
	{name: "skip-nil-pointer", play: func(s *S) {
		panicAt(s, 1+s.times(8), cache.PanicSkip, func() {
			var none *rig.Handler
			none.Name = "" //nolint:nilness // that is what it is about
		})
	}},
	{name: "skip-every-time", play: func(s *S) { panicAt(s, 1, cache.PanicSkip, func() { panic("handler broke") }) }},
	{name: "detach", play: func(s *S) { panicAt(s, 1+s.times(8), cache.PanicDetach, func() { panic("handler broke") }) }},
	{name: "detach-at-once", play: func(s *S) { panicAt(s, 1, cache.PanicDetach, func() { panic("handler broke") }) }},
	{name: "end-of-goroutine", play: func(s *S) { panicAt(s, 1+s.times(8), cache.PanicSkip, runtime.Goexit) }}, // as t.FailNow does
}

// panicAt has a handler do something bad in every n-th call.
func panicAt(s *S, n int, policy cache.PanicPolicy, bad func()) {
	var thrown atomic.Int32
	i := s.informer(rig.Options{})
	h := s.handle(i, "panicking", rig.HandlerOptions{OnPanic: policy, During: func(call int, _ check.Call) {
		if call%n == 0 {
			thrown.Add(1)
			bad()
		}
	}})
	s.churn(10)
	i.MustHear("a handler breaks", aWait)
	i.Start()
	s.write(10)
	s.writers.Wait()
	s.await(aWait, func() bool { return thrown.Load() > 0 })
	ends := policy == cache.PanicDetach || s.run.scenario.name == "end-of-goroutine"
	if !s.await(aWait, func() bool { return (h.Ended() != nil) == ends }) {
		s.violate("row", "the handler has ended: %v, which should be: %v", h.Ended(), ends)
	}
	s.converge()
	if ends && thrown.Load() != 1 {
		s.violate("row", "the handler was called again, and broke %d times", thrown.Load())
	}
	s.panics = int(thrown.Load())
}

// slowHandlers: a handler that is slow, or blocked, costs only itself: the others, the cache and the watch go on. What waits for
// it is bounded if that is wanted, and then it is told of the final states (P5).
var slowHandlers = []scenario{
	{name: "blocked", play: func(s *S) { blockedHandler(s, cache.UnboundedQueue(), 300, 300) }},
	{name: "blocked-bounded", play: func(s *S) { blockedHandler(s, cache.BoundedQueue(20), 300, 20) }},
	{name: "blocked-bounded-to-fewer-than-objects", play: func(s *S) { blockedHandler(s, cache.BoundedQueue(2), 300, 2*rig.Names+1) }},
	{name: "blocked-coalescing", play: func(s *S) { blockedHandler(s, cache.CoalescingQueue(), 300, 2*rig.Names+1) }},
	{name: "a-second-each", slow: "the handler needs minutes", within: 10 * time.Minute, play: func(s *S) {
		slowHandler(s, cache.UnboundedQueue(), func() { time.Sleep(time.Second) }, 300).SetSlow(false)
		s.converge()
		s.sleep(time.Second) // until it has returned from the last call, for which a stop would wait
	}},
	{name: "a-second-each-coalescing", slow: "the handler needs minutes", within: 2 * time.Minute, play: func(s *S) {
		slowHandler(s, cache.CoalescingQueue(), func() { time.Sleep(time.Second) }, 300).SetSlow(false)
		s.converge()
		s.sleep(time.Second)
	}},
	{name: "blocked-and-removed", play: func(s *S) {
		release := make(chan struct{})
		blocked := slowHandler(s, cache.UnboundedQueue(), func() { <-release }, 50)
		s.must(blocked.Remove(false)) // does not wait
		close(release)
		s.must(blocked.Remove(true))
	}},
}

// blockedHandler blocks a handler during so many writes, of which at most a number may wait for it. A deletion and an addition
// of the same name count as two.
func blockedHandler(s *S, queue cache.HandlerQueue, writes, most int) {
	release := make(chan struct{})
	blocked := slowHandler(s, queue, func() { <-release }, writes)
	s.sleep(time.Minute)
	i := s.informers[0]
	status := i.Status()
	if status.HandlerBacklog == 0 || status.HandlerBacklog > 2*most {
		s.violate("I9", "%d notifications wait, at most %d are allowed, and there are some", status.HandlerBacklog, 2*most)
	}
	if s.fake && status.Check(time.Now(), cache.HealthOptions{HandlerDelay: 30 * time.Second}) == nil {
		s.violate("I14", "the informer takes itself for healthy, and a handler is a minute behind")
	}
	close(release)
	blocked.SetSlow(false)
}

// slowHandler has a handler that does something long in each call, during a burst of writes, which all others must be told
// of meanwhile.
func slowHandler(s *S, queue cache.HandlerQueue, during func(), writes int) *rig.Handler {
	i := s.informer(rig.Options{})
	h := s.handle(i, "slow", rig.HandlerOptions{Queue: queue, During: func(int, check.Call) { during() }})
	h.SetSlow(true)
	s.churn(5)
	i.Start()
	s.converge()
	s.await(aWait, func() bool { return s.watches(i) })
	requests := s.count("")
	begin := time.Now()
	for range writes / 10 {
		s.Churn(s.Random, 10)
	}
	s.Create("one/burst", "x")
	s.converge()
	if took := time.Since(begin); s.fake && took > time.Second {
		s.violate("row", "the others were told after %v", took)
	}
	if more := s.count("") - requests; more != 0 {
		s.violate("row", "the watch did not last: there were %d more requests", more)
	}
	return h
}

// manyHandlers: handlers that come and go while everything else happens are told what they have to, and nothing when they
// are gone.
var manyHandlers = []scenario{
	{name: "many", play: func(s *S) { comeAndGo(s, 60) }},
	{name: "thousands", alone: true, play: func(s *S) { comeAndGo(s, full(1_000, 10_000)) }},
	{name: "before-the-start-and-behind-the-end", play: func(s *S) {
		i := s.informer(rig.Options{})
		gone := s.handle(i, "gone-before", rig.HandlerOptions{})
		s.must(gone.Remove(true))
		s.churn(5)
		i.Start()
		s.write(5)
		s.writers.Wait()
		s.converge()
		i.Stop(s.stopWithin())
		if _, err := i.Handle("too-late", rig.HandlerOptions{}); err == nil {
			s.violate("row", "a handler was added to an informer that has stopped")
		}
		s.must(gone.Remove(true))
	}},
}

// comeAndGo adds and removes so many handlers, from several goroutines, while the informer starts, lists again, and resyncs.
func comeAndGo(s *S, n int) {
	const adders = 4
	s.churn(10)
	i := s.informer(rig.Options{Resync: 2 * time.Second})
	var busy sync.WaitGroup
	for a := range adders {
		random := rand.New(rand.NewPCG(s.Random.Uint64(), 0))
		busy.Go(func() {
			for k := range n / adders {
				h, err := i.Handle(fmt.Sprintf("comes-and-goes-%d-%d", a, k), rig.HandlerOptions{Resync: time.Duration(random.IntN(3)) * time.Second})
				if err != nil {
					s.Errorf("%v", err)
					return
				}
				if random.IntN(8) == 0 {
					h.Await()
				}
				if s.fake {
					time.Sleep(time.Duration(random.Int64N(int64(200 * time.Millisecond))))
				}
				if err := h.Remove(random.IntN(2) == 0); err != nil {
					s.Errorf("%v", err)
				}
			}
		})
	}
	s.onEvents(0, fault.InsertBefore(fault.Events{Types: []string{"MODIFIED", "DELETED"}, Skip: 2, Times: 1}, fault.Expired()))
	s.sleep(s.upTo(time.Second))
	i.Start()
	s.write(20)
	busy.Wait()
}
