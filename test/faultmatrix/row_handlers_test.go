package faultmatrix

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// panics: one of a handler, where the program does not crash for it, is that handler's own: the others are told everything,
// and it itself is told what comes after (P9).
var panics = []scenario{
	{name: "text", play: func(s *S) { panicAt(s, 1+s.times(8), func() { panic("handler broke") }) }},
	{name: "error", play: func(s *S) { panicAt(s, 1+s.times(8), func() { panic(errors.New("handler broke")) }) }},
	{name: "nil-pointer", play: func(s *S) {
		panicAt(s, 1+s.times(8), func() {
			var none *rig.Handler
			none.Name = "" //nolint:nilness // that is what it is about
		})
	}},
	{name: "every-time", play: func(s *S) { panicAt(s, 1, func() { panic("handler broke") }) }},
}

// panicAt has a handler do something bad in every n-th call.
func panicAt(s *S, n int, bad func()) {
	var thrown atomic.Int32
	i := s.informer(rig.Options{})
	s.handle(i, "panicking", rig.HandlerOptions{During: func(call int, _ check.Call) {
		if call%n == 0 {
			thrown.Add(1)
			bad()
		}
	}})
	s.churn(10)
	i.Start()
	s.write(10)
	s.writers.Wait()
	s.converge()
	s.panics = int(thrown.Load())
}

// slowHandlers: a handler that is slow, or blocked, costs only itself: the others, the cache and the watch go on.
var slowHandlers = []scenario{
	{name: "blocked", play: func(s *S) {
		release := make(chan struct{})
		blocked := slowHandler(s, func() { <-release }, 300)
		close(release)
		blocked.SetSlow(false)
	}},
	{name: "a-second-each", slow: "the handler needs minutes", within: 10 * time.Minute, play: func(s *S) {
		slowHandler(s, func() { time.Sleep(time.Second) }, 300).SetSlow(false)
		s.converge()
		s.sleep(time.Second) // until it has returned from the last call, for which a stop would wait
	}},
	{name: "blocked-and-removed", play: func(s *S) {
		release := make(chan struct{})
		blocked := slowHandler(s, func() { <-release }, 50)
		s.must(blocked.Remove(false)) // does not wait
		close(release)
		s.must(blocked.Remove(true))
	}},
}

// slowHandler has a handler that does something long in each call, during a burst of writes, which all others must be told
// of meanwhile.
func slowHandler(s *S, during func(), writes int) *rig.Handler {
	i := s.informer(rig.Options{})
	h := s.handle(i, "slow", rig.HandlerOptions{During: func(int, check.Call) { during() }})
	h.SetSlow(true)
	s.churn(5)
	i.Start()
	s.converge()
	s.await(aWait, func() bool { return s.count("watch") > 0 })
	watches := s.count("watch")
	s.Create("one/burst", "x")
	begin := time.Now()
	for range writes {
		s.Update("one/burst")
	}
	s.converge()
	if took := time.Since(begin); s.fake && took > time.Second {
		s.violate("row", "the others were told after %v", took)
	}
	if more := s.count("watch") - watches; more != 0 {
		s.violate("row", "the watch did not last: there were %d more", more)
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
	s.on("watch", 0, fault.InsertBefore(fault.Events{Skip: 5, Times: 1}, fault.Expired()))
	s.sleep(s.upTo(time.Second))
	i.Start()
	s.write(20)
	busy.Wait()
}
