package faultmatrix

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// scale: many of everything; requests and memory grow with it, and not faster.
var scale = []scenario{
	{name: "100-informers-list-again", rigs: func(k rig.Kind) bool { return k.Name == "untyped-protobuf" }, slow: "a hundred waits", play: func(s *S) {
		const n = 100
		s.churn(30)
		for range n {
			s.bare(rig.Options{Client: s.sharedClient()}).Start()
		}
		s.converge()
		for range full(1, 3) {
			lists := s.count("list")
			storm := s.on("watch", n, fault.InsertFirst(fault.Expired()))
			s.breakConnections()
			s.churn(5)
			s.hit(storm, n, patience)
			s.converge()
			s.await(patience, func() bool { return s.count("list")-lists >= n })
			if got := s.count("list") - lists; got != n {
				s.violate("I10", "%d lists of %d informers after one 410 each", got, n)
			}
			s.sleep(5 * time.Minute)
		}
	}},
	{name: "a-thousand-events", play: func(s *S) { manyEvents(s, 1000) }},
	{name: "a-hundred-thousand-events", alone: true, deep: true, play: func(s *S) { manyEvents(s, 100_000) }},
	{name: "thousands-of-objects", alone: true, play: func(s *S) {
		n := full(1000, 10_000)
		s.envelope = &ofPages
		for k := range n {
			s.Create(fmt.Sprintf("one/object-%05d", k), rig.Apps[k%3], func(c *corev1.ConfigMap) { c.Data["text"] = strings.Repeat("x", 500) })
		}
		before := live()
		i := s.bare(rig.Options{PageSize: 500})
		s.handle(i, "first", rig.HandlerOptions{})
		i.Start()
		s.converge()
		// An object of 500 bytes takes about three kB as it is, with its metadata and its places in the indexes.
		limit := uint64(n * 8000)
		if after := live(); after > before+limit {
			s.violate("I9", "%d MB are held for %d objects, at most %d are allowed", (after-before)/megabyte, n, limit/megabyte)
		}
		s.churn(10)
		s.down(i, 10, s.Compact)
		s.converge()
		if after := live(); after > before+2*limit { // what handlers were told before is recorded here
			s.violate("I9", "%d MB are held after a second list, at most %d are allowed", (after-before)/megabyte, 2*limit/megabyte)
		}
	}},
}

// manyEvents has an informer follow so many writes, over connections that break now and then.
func manyEvents(s *S, n int) {
	i := s.bare(rig.Options{})
	s.handle(i, "first", rig.HandlerOptions{})
	s.handle(i, "second", rig.HandlerOptions{Untyped: true})
	s.churn(20)
	i.Start()
	for range n / 100 {
		s.Churn(s.Random, 100)
		if s.Random.IntN(5) == 0 && s.fake {
			s.breakConnections()
		}
	}
	s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 60, In: time.Minute}}, Pause: usual.Pause}
}

// full is a number that is smaller unless everything is to be played with its full numbers.
func full(usually, full int) int {
	if flags.slow {
		return full
	}
	return usually
}

// live is how many bytes are in use.
func live() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what has finalizers needs two
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
