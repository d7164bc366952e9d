package faultmatrix

import (
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// clocks: neither a clock that jumps nor a long time makes an informer stall, or hurry. (In a bubble, the clock on the wall and
// the one for waiting are the same: a machine that sleeps is one whose connections are lost for a long time.)
var clocks = []scenario{
	{name: "server-jumps", server: jumping, play: func(s *S) {
		s.churn(10)
		i := s.start(rig.Options{})
		for _, jump := range []time.Duration{time.Hour, -time.Hour, 365 * 24 * time.Hour, -365 * 24 * time.Hour, 0} {
			s.clock.Store(int64(jump))
			s.churn(3)
			s.converge()
			if s.fake || jump > 24*time.Hour { // each costs a wait
				s.down(i, 2, func() {})
			}
		}
	}},
	{name: "a-day", hours: "it takes a day", play: func(s *S) {
		// A watch lasts five minutes at least.
		s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 13, In: time.Hour}}, Pause: usual.Pause}
		s.churn(10)
		s.start(rig.Options{})
		for range 24 {
			s.sleep(time.Hour)
			s.churn(1)
			s.converge()
		}
	}},
	{name: "asleep", hours: "it sleeps for hours", within: time.Minute + patience, play: func(s *S) {
		// Once there is an error, an attempt follows in half a minute at the earliest.
		s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 15, In: time.Minute}, {Count: 130, In: time.Hour}}, Pause: usual.Pause}
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("nothing gets through", longestWatch+time.Second)
		s.Faults().OnAccept(func(c *fault.Conn) { c.Blackhole(fault.Both) })
		for _, c := range s.Faults().Conns() {
			c.Blackhole(fault.Both)
		}
		for range s.times(8) {
			s.churn(2)
			s.Compact()
			s.sleep(time.Hour)
		}
		s.Faults().OnAccept(nil)
	}},
	{name: "a-day-without-a-server", hours: "it takes a day", play: func(s *S) {
		s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 15, In: time.Minute}}, Pause: usual.Pause}
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("the server is down", aWait)
		s.Stop()
		s.sleep(24 * time.Hour)
		s.churn(5)
		if n := i.Failures(); n > 24*60*60/30 {
			s.violate("I10", "%d attempts in a day, that is more than one in 30 seconds", n)
		}
	}},
}

// jumping is a server with the clock of the scenario.
func jumping(s *S) []apiservertest.Option {
	return []apiservertest.Option{apiservertest.WithClock(func() time.Time {
		return time.Now().Add(time.Duration(s.clock.Load()))
	})}
}
