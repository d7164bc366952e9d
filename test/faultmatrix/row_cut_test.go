package faultmatrix

import (
	"sync/atomic"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// resets: a connection that is reset anywhere costs nothing but the wait: no half object is applied, nothing is missing, and
// a watch goes on without a list (R4).
var resets = []scenario{
	{name: "in-a-frame", play: func(s *S) { sweep(s, fault.Reset) }},
	{name: "in-a-list", play: func(s *S) { cutLists(s, fault.Reset) }},
	{name: "below-tls", play: func(s *S) { cutWires(s, fault.Reset) }},
}

// ends: the same for an answer that ends too early, in all ways that HTTP has.
var ends = []scenario{
	{name: "in-a-frame-as-if-complete", play: func(s *S) { sweep(s, fault.Clean) }},
	{name: "in-a-frame-of-a-broken-answer", play: func(s *S) { sweep(s, fault.Abort) }},
	{name: "in-a-frame-of-a-closed-connection", play: func(s *S) { sweep(s, fault.Close) }},
	{name: "in-a-list-as-if-complete", play: func(s *S) { cutLists(s, fault.Clean) }},
	{name: "in-a-list-of-a-broken-answer", play: func(s *S) { cutLists(s, fault.Abort) }},
	{name: "in-a-list-of-a-closed-connection", play: func(s *S) { cutLists(s, fault.Close) }},
	{name: "below-tls", play: func(s *S) { cutWires(s, fault.Close) }},
}

// cutter cuts watches within the next event of one object.
type cutter struct {
	key    string
	armed  atomic.Bool
	offset atomic.Int64 // bytes of the frame that get through
	size   atomic.Int64 // of the last frame that was seen
	cuts   atomic.Int64
}

func (c *cutter) effect(end fault.End) fault.Effect {
	return fault.EachEvent(func(s *fault.Stream, e fault.Event) error {
		if rig.Key(&e.Object) != c.key {
			return s.Send(e.Frame)
		}
		c.size.Store(int64(len(e.Frame)))
		if !c.armed.Swap(false) {
			return s.Send(e.Frame)
		}
		c.cuts.Add(1)
		if err := s.Send(e.Frame[:min(c.offset.Load(), int64(len(e.Frame)))]); err != nil {
			return err
		}
		return s.Stop(end)
	})
}

// sweep cuts a watch at offsets that lie evenly over the frame of an event, from a random one on.
func sweep(s *S, end fault.End) {
	c := &cutter{key: "one/target"}
	s.onEvents(0, c.effect(end))
	s.churn(5)
	s.Create(c.key, "x")
	i := s.start(rig.Options{})
	s.Update(c.key)
	s.converge()
	lists := s.count("list")
	cuts := int64(full(10, 60))
	if !s.fake {
		cuts = 2 // each costs a wait
	}
	stride := max(1, c.size.Load()/cuts)
	for offset := s.Random.Int64N(stride); offset <= c.size.Load(); offset += stride {
		before := c.cuts.Load()
		c.offset.Store(offset)
		c.armed.Store(true)
		if end != fault.Clean || offset > 0 && offset < c.size.Load()-1 { // else it is an end in good order
			i.MustHear("a watch was cut", aWait)
		}
		s.Update(c.key)
		s.churn(1)
		s.converge()
		if c.cuts.Load() != before+1 {
			s.violate("row", "the watch was cut %d times at offset %d, want once", c.cuts.Load()-before, offset)
		}
		s.sleep(s.upTo(3 * time.Minute))
	}
	if more := s.count("list") - lists; more != 0 {
		s.violate("row", "%d lists after cuts, of which none lost anything", more)
	}
}

// cutLists cuts the answers to lists at random.
func cutLists(s *S, end fault.End) {
	s.churn(20)
	n := s.times(4)
	rule := s.on("list", n, func(x *fault.Exchange) {
		fault.Cut(x.Rand.Int64N(3000), end)(x)
	})
	i := s.informer(rig.Options{})
	i.Start()
	s.write(5)
	s.hit(rule, 1, time.Minute) // a cut behind the end of the list leaves it whole
	s.converge()
	rule = s.on("list", 1, func(x *fault.Exchange) {
		fault.Cut(x.Rand.Int64N(1000), end)(x)
	})
	s.down(i, 5, s.Compact)
	s.hit(rule, 1, time.Minute)
}

// cutWires ends connections at random bytes, those of TLS and HTTP included.
func cutWires(s *S, end fault.End) {
	s.churn(10)
	n := 2 * s.times(8)
	rule := s.on("", n, func(x *fault.Exchange) {
		fault.CutWire(x.Rand.Int64N(4000), end)(x)
	})
	i := s.informer(rig.Options{})
	i.Start()
	for !s.Failed() && rule.Hits() < n {
		hits := rule.Hits()
		s.churn(3)
		s.await(2*time.Second, func() bool { return rule.Hits() > hits })
	}
	s.converge()
}
