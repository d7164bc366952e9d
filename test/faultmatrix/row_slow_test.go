package faultmatrix

import (
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

const (
	// listDeadline is how long an informer waits for a list, or a page of one, and watchDeadline for the begin of a watch.
	listDeadline, watchDeadline = 5 * time.Minute, 2 * time.Minute
	// longestWatch is when a watch is given up that the server should have ended: it is asked to after five to ten minutes.
	longestWatch = 10*time.Minute + 30*time.Second
	// deadConnection is when an HTTP/2 connection is given up that is silent: a ping after 30 seconds, and its answer.
	deadConnection = 45 * time.Second
)

const minutes = "it waits for deadlines, which are minutes"

// slowness: a server that is slow is waited for, but not for ever; an informer that waits for it stops at once.
var slowness = []scenario{
	{name: "first-byte-of-a-list", slow: minutes, play: func(s *S) { slow(s, "list", fault.Delay(30*time.Second), 0) }},
	{name: "first-byte-of-a-watch", pages: true, slow: minutes, play: func(s *S) { slow(s, "watch", fault.Delay(30*time.Second), 0) }},
	{name: "no-byte-of-a-list", slow: minutes, within: 2*listDeadline + patience, play: func(s *S) { slow(s, "list", fault.Delay(time.Hour), listDeadline) }},
	{name: "no-byte-of-a-watch", pages: true, slow: minutes, within: 2*watchDeadline + patience, play: func(s *S) { slow(s, "watch", fault.Delay(time.Hour), watchDeadline) }},
	{name: "body-of-a-list", slow: minutes, within: 2*listDeadline + patience, play: func(s *S) { slow(s, "list", fault.Trickle(1, time.Second), listDeadline) }},
	// The server may get all that it has to send through, byte by byte, before it ends the watch: then there is no error.
	{name: "body-of-a-watch", pages: true, slow: minutes, within: 2*longestWatch + patience, play: func(s *S) { slow(s, "watch", fault.Trickle(1, time.Second), 0) }},
	{name: "connection", pages: true, slow: minutes, within: 2*longestWatch + patience, play: func(s *S) { slow(s, "watch", fault.Throttle(1, time.Second), 0) }},
	{name: "stop-before-the-first-byte", play: func(s *S) { stopWhileSlow(s, fault.Delay(time.Hour)) }},
	{name: "stop-within-a-list", play: func(s *S) { stopWhileSlow(s, fault.Trickle(1, time.Second)) }},
}

// slow slows the first requests with a verb down. Within the deadline, if there is one, an error has to be told.
func slow(s *S, verb string, effect fault.Effect, deadline time.Duration) {
	s.churn(15)
	n := s.times(2)
	rule := s.on(verb, n, effect)
	i := s.informer(rig.Options{})
	if deadline > 0 {
		i.MustHear("the server is slow", deadline+time.Second)
	}
	i.Start()
	s.write(10)
	s.hit(rule, 1, time.Minute)
	s.converge()
}

func stopWhileSlow(s *S, effect fault.Effect) {
	s.churn(15)
	verb := []string{"list", "watch"}[s.Random.IntN(2)]
	rule := s.on(verb, 0, effect)
	i := s.informer(rig.Options{Paged: verb == "watch"})
	i.Start()
	s.hit(rule, 1, time.Minute)
	s.sleep(s.upTo(20 * time.Second))
	i.Stop(s.stopWithin())
}

// halfOpen: a connection whose peer is gone without a word is found dead, and replaced.
var halfOpen = []scenario{
	{name: "h2-both-ways", slow: minutes, within: deadConnection + aWait, play: func(s *S) { blackhole(s, "h2", fault.Both, deadConnection+time.Second) }},
	{name: "h2-from-the-server", slow: minutes, within: deadConnection + aWait, play: func(s *S) { blackhole(s, "h2", fault.ToClient, deadConnection+time.Second) }},
	// Events still come, so that the connection looks alive. Only when it falls silent, or the next watch begins, is it found dead.
	{name: "h2-to-the-server", slow: minutes, within: longestWatch + deadConnection + aWait, play: func(s *S) { blackhole(s, "h2", fault.ToServer, 0) }},
	// HTTP/1.1 has no pings, and TCP, which has, is not there in memory.
	{name: "h1-both-ways", slow: minutes, within: longestWatch + aWait, play: func(s *S) { blackhole(s, "http/1.1", fault.Both, longestWatch+time.Second) }},
	{name: "h1-from-the-server", slow: minutes, within: longestWatch + aWait, play: func(s *S) { blackhole(s, "http/1.1", fault.ToClient, longestWatch+time.Second) }},
	{name: "h1-to-the-server", slow: minutes, within: longestWatch + watchDeadline + aWait, play: func(s *S) { blackhole(s, "http/1.1", fault.ToServer, 0) }},
	{name: "new-connections", slow: minutes, within: time.Minute + patience, play: func(s *S) {
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("nothing gets through", aWait)
		s.Faults().OnAccept(func(c *fault.Conn) { c.Blackhole(fault.Both) })
		s.breakConnections()
		s.churn(5)
		s.sleep(30*time.Second + s.upTo(time.Minute))
		s.Faults().OnAccept(nil)
	}},
}

// blackhole loses what the connection of an informer carries. If it cannot but see that, an error has to be told in time.
func blackhole(s *S, protocol string, direction fault.Direction, seen time.Duration) {
	s.churn(10)
	i := s.start(rig.Options{Protocol: protocol})
	for range s.times(2) {
		s.sleep(s.upTo(3 * time.Minute))
		for _, c := range s.Faults().Conns() {
			c.Blackhole(direction)
		}
		if seen > 0 {
			i.MustHear("the connection is dead", seen)
		}
		s.churn(5)
		s.converge()
	}
	s.await(s.within(), i.HeardAll)
}

// silence: a server that accepts a watch and sends nothing, whatever it was asked for, does not hold an informer for ever (R13).
var silence = []scenario{
	{name: "from-the-beginning", pages: true, slow: minutes, within: longestWatch + aWait, play: func(s *S) {
		s.churn(10)
		s.on("watch", 1, fault.Silent())
		i := s.informer(rig.Options{})
		i.MustHear("a watch is silent", longestWatch+time.Second)
		i.Start()
		s.write(5)
		s.sleep(5*time.Minute + 10*time.Second) // the watch is given up 20 seconds later at the earliest
		if s.unhurried() && i.Status().Check(time.Now(), cache.HealthOptions{}) == nil {
			s.violate("I14", "the informer takes itself for healthy, and has heard nothing for five minutes")
		}
	}},
	{name: "from-an-event-on", slow: minutes, within: longestWatch + aWait, play: func(s *S) {
		s.onEvents(1, fault.StopBefore(s.live(fault.Events{Skip: s.Random.IntN(5)}), fault.Silence))
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("a watch is silent", longestWatch+time.Second)
		for range 10 {
			s.churn(1)
		}
		s.Create("one/proof", "x")
	}},
	{name: "again-and-again", pages: true, slow: minutes, within: 3 * (longestWatch + aWait), play: func(s *S) {
		s.churn(10)
		s.on("watch", 3, fault.Silent())
		i := s.informer(rig.Options{})
		i.Start()
		s.write(5)
	}},
}
