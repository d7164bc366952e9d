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
	{name: "twice", play: func(s *S) { disorderly(s, fault.Duplicate(fault.Events{}, s.times(3))) }},
	{name: "deletions-twice", play: func(s *S) { disorderly(s, fault.Duplicate(fault.Events{Types: []string{"DELETED"}}, 2)) }},
}

// pendingDisorder are ways of disorder that need more than to be ignored.
var pendingDisorder = []scenario{
	{name: "again", play: func(s *S) { disorderly(s, fault.Replay(fault.Events{}, 1+s.times(5))) }},
	{name: "reordered", play: func(s *S) { disorderly(s, fault.Reorder(fault.Events{}, 2+s.Random.IntN(4))) }},
	{name: "late", play: func(s *S) { disorderly(s, fault.Lag(fault.Events{Name: "c1"}, 2)) }},
	{name: "from-a-replica-that-starts-early", play: func(s *S) {
		// It sends, after a reconnection, what happened long before the version that it was asked for.
		replayFrom(s, func(early string) {
			s.on("watch", 1, fault.AsOf(early))
		})
	}},
	{name: "from-a-replica-that-lists-an-old-state", play: func(s *S) {
		// It answers a list that has to be not older than a version with an older one.
		replayFrom(s, func(early string) {
			s.on("watch", 1, fault.InsertFirst(fault.Expired()))
			s.rule(fault.Rule{Match: request.Match{Verbs: []string{"list"}}, Times: 1, Effect: fault.AsOf(early)})
		})
	}},
}

// disorderly lets watches be edited for a while.
func disorderly(s *S, effect fault.Effect) {
	s.disordered = true
	rule := s.on("watch", 0, effect)
	s.churn(10)
	s.start(rig.Options{})
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
