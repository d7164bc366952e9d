package faultmatrix

import (
	"strconv"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// disorder: a server that tells events twice, again, or in another order than that in which they happened, does not take the
// cache back in time, nor make it end up elsewhere than the server.
var disorder = []scenario{
	{name: "twice", play: func(s *S) { disorderly(s, fault.Duplicate(fault.Events{}, s.times(3)), 0) }},
	{name: "deletions-twice", play: func(s *S) { disorderly(s, fault.Duplicate(fault.Events{Types: []string{"DELETED"}}, 2), 0) }},
	{name: "again", play: func(s *S) { disorderly(s, fault.Replay(fault.Events{}, 1+s.times(5)), 0) }},
	// An end of a streamed list that overtakes some of it makes a list of what has come, which nobody can tell from a whole one.
	{name: "reordered", pages: true, play: func(s *S) { disorderly(s, fault.Reorder(s.live(fault.Events{}), 2+s.Random.IntN(4)), 0) }},
	// When the connection breaks, what was late is lost.
	{name: "late", pages: true, slow: minutes, within: audited, play: func(s *S) { disorderly(s, fault.Lag(s.live(fault.Events{Name: "c1"}), 2), audits) }},
	{name: "from-a-replica-that-starts-early", play: func(s *S) {
		// It sends, after a reconnection, what happened long before the version that it was asked for.
		replayFrom(s, func(early string) {
			s.on("watch", 1, fault.AsOf(early))
		})
	}},
	{name: "from-a-replica-that-lists-an-old-state", pages: true, play: func(s *S) {
		// It answers a list that has to be not older than a version with an older one.
		replayFrom(s, func(early string) {
			s.on("watch", 1, fault.InsertFirst(fault.Expired()))
			s.rule(fault.Rule{Match: request.Match{Verbs: []string{"list"}}, Times: 1, Effect: fault.AsOf(early)})
		})
	}},
}

// disorderly lets watches be edited for a while.
func disorderly(s *S, effect fault.Effect, audit time.Duration) {
	s.disordered = true
	rule := s.onEvents(0, effect)
	s.churn(10)
	s.start(rig.Options{Audit: audit})
	s.write(20)
	for range 10 {
		s.churn(3)
		s.sleep(s.upTo(3 * time.Second))
	}
	s.writers.Wait()
	rule.Remove()
	s.breakConnections() // the open watch is still edited
}

// replayFrom has an informer reconnect to a server that does something with an early version.
func replayFrom(s *S, fails func(early string)) {
	s.churn(10)
	i := s.start(rig.Options{})
	early := strconv.FormatInt(s.Revision(), 10)
	s.churn(15)
	s.converge()
	i.MustHear("all connections break", aWait)
	fails(early)
	s.breakConnections()
	s.churn(3)
}
