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
	{name: "ten-thousand-events", alone: true, deep: true, play: func(s *S) { manyEvents(s, 10_000) }},
	{name: "a-million-events", alone: true, huge: true, rigs: streamsProtobuf, hours: million, play: func(s *S) { manyEvents(s, 1_000_000) }},
	{name: "thousands-of-objects", alone: true, play: func(s *S) {
		s.envelope = &ofPages
		n := full(1000, 10_000)
		i, before := manyObjects(s, n, rig.Options{PageSize: 500}, func(c *corev1.ConfigMap) { c.Data["text"] = strings.Repeat("x", 500) })
		s.down(i, 10, s.Compact)
		s.converge()
		if after, limit := live(), uint64(2*n*perObject); after > before+limit { // what handlers were told before is recorded
			s.violate("I9", "%d MB are held after a second list, at most %d are allowed", (after-before)/megabyte, limit/megabyte)
		}
	}},
	{name: "a-million-objects", alone: true, huge: true, rigs: streamsProtobuf, hours: million, play: func(s *S) {
		manyObjects(s, 1_000_000, rig.Options{}, func(c *corev1.ConfigMap) { c.Labels = nil })
	}},
}

// million says why no more than a thousand of something are on a network that is not ours.
const million = "a million of anything, of which TCP has nothing new to tell"

// streamsProtobuf selects the kind of informer that costs least where there are a million of something.
func streamsProtobuf(k rig.Kind) bool { return k.Name == "untyped-protobuf" }

// manyEvents has an informer follow so many writes, a hundred at a time, over connections that break now and then.
//
// The delay is that from a write to the handler. Fake time passes only where somebody waits for a timer, so that the delay there
// is what the informer, or the client below it, waits on purpose: nothing as long as it has its watch, and no longer than usual
// after an error. How long computing takes is another question, for test/bench: over TCP delays are told, with -v, and demanded
// of nobody.
func manyEvents(s *S, n int) {
	const burst = 100
	i := s.bare(rig.Options{})
	s.handle(i, "first", rig.HandlerOptions{})
	s.handle(i, "second", rig.HandlerOptions{Untyped: true})
	s.churn(20)
	i.Start()
	s.converge()
	written := writes{from: s.Revision()}
	for range n / burst {
		broken := s.fake && s.Random.IntN(5) == 0
		if broken {
			s.breakConnections()
		}
		for range burst {
			written.note(s, broken, func() { s.Churn(s.Random, 1) })
		}
		if s.fake {
			s.sleep(s.upTo(time.Second))
		}
		if broken {
			s.await(aWait, func() bool { return s.watches(i) })
		}
	}
	s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 60, In: time.Minute}}, Pause: usual.Pause}
	s.converge()
	for name, calls := range i.Calls() {
		steady, broken := written.delays(calls)
		s.Logf("%s, while there is a watch: %v; while there is none: %v", name, steady, broken)
		if s.fake && (steady.percentile(99) > 0 || broken.percentile(100) > aWait) {
			s.violate("row", "%s was told %v late while there was a watch, and %v while there was none", name, steady, broken)
		}
	}
}

// perObject is how many bytes may be held for an object of 500 bytes. As it is, with its metadata, its places in the indexes, and
// what is recorded of it, it takes about half of that.
const perObject = 8000

// manyObjects has an informer list so many objects, and returns it with how many bytes were in use before.
func manyObjects(s *S, n int, o rig.Options, change func(*corev1.ConfigMap)) (i *rig.Informer, before uint64) {
	for k := range n {
		s.Create(fmt.Sprintf("one/object-%07d", k), rig.Apps[k%3], change)
	}
	before = live()
	i = s.bare(o)
	s.handle(i, "first", rig.HandlerOptions{})
	i.Start()
	s.converge()
	if after, limit := live(), uint64(n*perObject); after > before+limit {
		s.violate("I9", "%d MB are held for %d objects, at most %d are allowed", (after-before)/megabyte, n, limit/megabyte)
	}
	s.churn(10)
	return i, before
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
