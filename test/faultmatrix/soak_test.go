package faultmatrix

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

var soakFlag = flag.Duration("soak", time.Second, "how long the faults of TestSoak go on; from five minutes on, memory is compared")

// TestSoak has informers of each kind, over TCP, in trouble for a long time: faults at random, all the time; others that come
// and go; and now and then a checkpoint, where the faults end, everything has to get right, and memory is measured. What is kept
// of it is bounded, so that memory is that of the informers.
//
//	go test -C test/faultmatrix -run TestSoak -timeout 0 -v -soak 20m
func TestSoak(t *testing.T) {
	seed := flags.seed
	if seed == 0 {
		seed = rand.Uint64N(1e9)
	}
	t.Logf("seed %d", seed)
	world := rig.NewForgetfulWorld(t)
	defer world.Close()
	s := &soak{T: t, World: world, random: rand.New(&source{pcg: rand.NewPCG(seed, 0)})}
	s.Churn(s.random, 20)
	for n, kind := range rig.Kinds {
		i := rig.NewInformer(world, kind, fmt.Sprintf("%s%04d", rig.UserAgents, n), rig.Options{Resync: 10 * time.Second})
		for range 2 {
			h := &soakHandler{last: check.Objects{}}
			if _, err := i.AddEventHandler(h); err != nil {
				t.Fatal(err)
			}
			s.handlers = append(s.handlers, h)
		}
		i.Start()
		s.informers = append(s.informers, i)
	}
	defer s.progress()()
	round := min(*soakFlag, time.Minute)
	for end := time.Now().Add(*soakFlag); time.Now().Before(end) && !t.Failed(); {
		s.trouble(round)
		s.checkpoint()
	}
	for _, i := range s.informers {
		i.Stop(time.Minute)
		i.CloseConnections()
	}
	if *soakFlag >= 5*time.Minute {
		s.flat()
	}
}

type soak struct {
	*testing.T
	*rig.World
	random    *rand.Rand
	informers []*rig.Informer
	handlers  []*soakHandler
	faults    atomic.Int64
	transient atomic.Int64 // informers that came and went
	samples   []sample
}

// sample is what was in use at a checkpoint, after a garbage collection.
type sample struct {
	heap, goroutines int
}

// progress tells each minute how far it is, until what it returns is called.
func (s *soak) progress() (end func()) {
	ended := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for n := 1; ; n++ {
			select {
			case <-ticker.C:
				s.T.Logf("minute %d: %d faults, %d writes, %d informers came and went", n, s.faults.Load(), s.Revision(), s.transient.Load())
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		telling.Wait()
	}
}

// trouble makes trouble, and writes, for a while.
func (s *soak) trouble(length time.Duration) {
	end := time.Now().Add(length)
	var busy sync.WaitGroup
	busy.Go(func() {
		for time.Now().Before(end) {
			s.Churn(s.random, 1)
			time.Sleep(time.Duration(s.random.Int64N(int64(10 * time.Millisecond))))
		}
	})
	busy.Go(func() {
		for time.Now().Before(end) {
			s.fault()
			time.Sleep(time.Duration(s.random.Int64N(int64(time.Second))))
		}
	})
	busy.Go(func() {
		for time.Now().Before(end) {
			s.comeAndGo()
		}
	})
	busy.Wait()
}

// fault makes something fail.
func (s *soak) fault() {
	s.faults.Add(1)
	r := s.random
	match := request.Match{UserAgent: rig.UserAgents, Verbs: []string{"list", "watch"}}
	add := func(times int, effect fault.Effect) {
		s.Faults().Add(fault.Rule{Match: match, Times: times, Effect: effect})
	}
	switch r.IntN(12) {
	case 0:
		for _, c := range s.Faults().Conns() {
			_ = c.Reset() // it may be closed already
		}
	case 1:
		s.Stop()
		time.Sleep(time.Duration(r.Int64N(int64(300 * time.Millisecond))))
		if err := s.Start(); err != nil {
			s.T.Error(err)
		}
	case 2:
		s.Compact()
	case 3:
		add(1+r.IntN(3), fault.Status([]int{429, 500, 503, 504}[r.IntN(4)], []string{"", "0", "1"}[r.IntN(3)]))
	case 4:
		add(2, fault.InsertFirst(fault.Expired()))
	case 5:
		add(2, fault.StopWithin(fault.Events{Skip: r.IntN(20)}, r.IntN(400), fault.End(r.IntN(4))))
	case 6:
		add(2, fault.Cut(int64(r.IntN(3000)), fault.End(r.IntN(4))))
	case 7:
		add(1, fault.Garbage(r.IntN(1000), ""))
	case 8:
		add(3, fault.Goaway())
	case 9:
		add(3, fault.Jitter(300*time.Millisecond))
	case 10:
		add(2, fault.CutWire(int64(r.IntN(5000)), fault.Reset))
	case 11:
		add(1, fault.StopBefore(fault.Events{Skip: r.IntN(20)}, fault.End(r.IntN(4))))
	}
}

// comeAndGo starts an informer, with handlers that come and go, and stops it.
func (s *soak) comeAndGo() {
	n := s.transient.Add(1)
	kind := rig.Kinds[s.random.IntN(len(rig.Kinds))]
	i := rig.NewInformer(s.World, kind, fmt.Sprintf("%stransient-%d", rig.UserAgents, n), rig.Options{App: rig.Apps[s.random.IntN(len(rig.Apps))]})
	i.Start()
	for range 3 {
		h, err := i.Handle("transient", rig.HandlerOptions{Watches: true})
		if err != nil {
			s.T.Error(err)
			break
		}
		time.Sleep(time.Duration(s.random.Int64N(int64(100 * time.Millisecond))))
		if err := h.Remove(s.random.IntN(2) == 0); err != nil {
			s.T.Error(err)
		}
	}
	i.Stop(time.Minute)
	i.CloseConnections()
}

// checkpoint lets everything get right, checks it, and takes a sample.
func (s *soak) checkpoint() {
	s.Faults().RemoveAll()
	for _, c := range s.Faults().Conns() {
		_ = c.Reset() // what is under a fault that was removed
	}
	server := s.State()
	lag := func() string {
		for _, i := range s.informers {
			if lag := i.Lag(server); lag != "" {
				return i.Name + ": " + lag + lastHeard(i)
			}
		}
		for _, h := range s.handlers {
			if !h.knows(server) {
				return "a handler was not told everything"
			}
		}
		return ""
	}
	begin := time.Now()
	for text := lag(); text != ""; text = lag() {
		if time.Since(begin) > patience {
			s.T.Errorf("%v after the faults: %s", time.Since(begin), text)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, i := range s.informers {
		for _, v := range i.Inspect().CheckCache(server) {
			s.T.Error(v)
		}
		for _, p := range i.TakePanics() {
			s.T.Errorf("I13: panic: %s", p)
		}
	}
	for _, h := range s.handlers {
		for _, wrong := range h.takeWrongs() {
			s.T.Error(wrong)
		}
	}
	s.Compact() // the history is the server's, and more or less of it is there
	taken := sample{heap: int(live()), goroutines: runtime.NumGoroutine()}
	s.samples = append(s.samples, taken)
	s.T.Logf("checkpoint %d: all is right %v after the last fault; %.1f MB and %d goroutines are in use",
		len(s.samples), time.Since(begin).Round(time.Millisecond), float64(taken.heap)/megabyte, taken.goroutines)
}

// flat wants that the last third of the samples is not higher than the first.
func (s *soak) flat() {
	third := len(s.samples) / 3
	if third == 0 {
		s.T.Errorf("%d checkpoints are too few to compare", len(s.samples))
		return
	}
	first, last := s.samples[:third], s.samples[len(s.samples)-third:]
	median := func(samples []sample, of func(sample) int) int {
		values := make([]int, len(samples))
		for i, s := range samples {
			values[i] = of(s)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	heap := func(s sample) int { return s.heap }
	goroutines := func(s sample) int { return s.goroutines }
	if before, after := median(first, heap), median(last, heap); after > before+before/10+megabyte {
		s.T.Errorf("I9: %.1f MB are in use in the last third, %.1f in the first", float64(after)/megabyte, float64(before)/megabyte)
	}
	if before, after := median(first, goroutines), median(last, goroutines); after > before+before/10+5 {
		s.T.Errorf("I8: there are %d goroutines in the last third, %d in the first", after, before)
	}
}
