package faultmatrix

import (
	"runtime"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

const megabyte = 1 << 20

// huge: what is as large as a server lets objects be works, and what is larger is an error that costs memory in proportion to
// what has come, not to what was claimed.
var huge = []scenario{
	{name: "objects", play: func(s *S) {
		big := func(c *corev1.ConfigMap) { c.Data = map[string]string{"v": strings.Repeat("x", 1_000_000)} }
		s.Create("one/a", "x", big)
		i := s.start(rig.Options{})
		s.Create("one/b", "y", big)
		s.Update("one/a", big)
		s.down(i, 0, func() {
			s.Update("one/b", big)
			s.Compact()
		})
	}},
	{name: "frame", alone: true, play: func(s *S) {
		hugeInWatch(s, 400*megabyte, fault.InsertBefore(s.live(fault.Events{Skip: 2}), fault.Inflated(17*megabyte)))
	}},
	{name: "claimed-length", alone: true, play: func(s *S) {
		hugeInWatch(s, 100*megabyte, fault.StopAfter(s.live(fault.Events{Skip: 2}), fault.Abort, fault.Claim(1<<30)))
	}},
	{name: "claimed-length-of-all-there-is", alone: true, play: func(s *S) {
		hugeInWatch(s, 100*megabyte, fault.StopAfter(s.live(fault.Events{Skip: 2}), fault.Abort, fault.Claim(1<<32-1)))
	}},
	{name: "compressed-white-space", alone: true, play: func(s *S) {
		s.churn(10)
		i := s.informer(rig.Options{})
		i.MustHear("a bomb", aWait)
		size := full(8, 200)
		s.allocates(uint64(size)*10*megabyte, func() {
			rule := s.on("list", 1, fault.GzipBomb(int64(size*megabyte)))
			i.Start()
			s.hit(rule, 1, time.Minute)
			s.converge()
		})
	}},
}

// hugeInWatch has something too large in a watch, that must not cost more than so many bytes.
func hugeInWatch(s *S, bytes uint64, effect fault.Effect) {
	s.onEvents(1, effect)
	s.churn(10)
	i := s.start(rig.Options{})
	i.MustHear("something huge", aWait)
	s.allocates(bytes, func() {
		for range 5 {
			s.churn(1)
		}
		s.Create("one/proof", "x")
		s.converge()
	})
}

// allocates wants that what do does, the server's part included, takes at most so many bytes of memory.
func (s *S) allocates(most uint64, do func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > most {
		s.violate("I9", "%d MB of memory were allocated, at most %d are allowed", got/megabyte, most/megabyte)
	}
}
