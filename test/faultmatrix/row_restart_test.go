package faultmatrix

import (
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// restarts: an informer goes on with its watch, and does not list again.
var restarts = []scenario{
	{name: "idle", play: func(s *S) { restart(s, 0) }},
	{name: "writes-while-down", play: func(s *S) { restart(s, 10) }},
}

func restart(s *S, writes int) {
	s.churn(10)
	i := s.start(rig.Options{})
	lists := s.count("list")
	for range s.times(3) {
		s.churn(3)
		s.converge()
		s.down(i, writes, func() {})
	}
	if more := s.count("list") - lists; more != 0 {
		s.violate("row", "%d lists after the restart, and the history was there", more)
	}
}

// down stops the server while an informer watches, lets something happen meanwhile, after some writes, and starts it again.
func (s *S) down(i *rig.Informer, writes int, meanwhile func()) {
	s.await(aWait, func() bool { return s.watches(i) })
	i.MustHear("the server is down", aWait)
	s.Stop()
	s.sleep(s.upTo(20 * time.Second))
	if writes > 0 {
		s.churn(writes)
	}
	meanwhile()
	s.must(s.Start())
	s.converge()
}

// compactions: an informer lists once, not older than what it has.
var compactions = []scenario{
	{name: "restart", play: func(s *S) {
		relists(s, func(i *rig.Informer) { s.down(i, 6, s.Compact) })
	}},
	{name: "restart-without-writes", play: func(s *S) {
		relists(s, func(i *rig.Informer) {
			s.down(i, 0, func() {
				s.Create("one/other-resource-version", "x")
				s.Delete("one/other-resource-version")
				s.Compact()
			})
		})
	}},
	{name: "twice-in-a-row", play: func(s *S) {
		// The list of the first restart is not yet proven by a watch when history is gone again: then the list has to be of
		// the newest version.
		s.churn(10)
		i := s.start(rig.Options{})
		s.on("watch", 2, fault.Before(func(*fault.Exchange) {
			s.churn(2)
			s.Compact()
		}))
		s.down(i, 4, s.Compact)
	}},
}

// relists does something to an informer that makes it list again, some times.
func relists(s *S, cause func(*rig.Informer)) {
	s.churn(10)
	i := s.start(rig.Options{})
	for range s.times(3) {
		s.Create("two/proof", "x") // an event proves that the watch works from the last list on
		s.converge()
		s.Delete("two/proof")
		s.converge()
		seen, before := i.LastSyncResourceVersion(), s.count("list")
		cause(i)
		s.await(patience, func() bool { return s.count("list") > before })
		s.converge()
		var asked []string
		for e := range s.Record().Entries(s.listsOf(i)) {
			asked = append(asked, e.Query.Get("resourceVersion"))
		}
		if asked = asked[before:]; len(asked) != 1 || asked[0] != seen {
			s.violate("row", "lists at the versions %q, want one, at %q", asked, seen)
		}
	}
}

// expiries: as after a compaction, in the middle of a watch.
var expiries = []scenario{
	{name: "before-an-event", play: func(s *S) { expire(s, fault.Events{Skip: s.Random.IntN(3)}) }},
	{name: "before-a-deletion", play: func(s *S) { expire(s, fault.Events{Types: []string{"DELETED"}}) }},
	{name: "of-a-watch-that-lags", play: func(s *S) {
		relists(s, func(i *rig.Informer) {
			i.MustHear("history is gone", aWait)
			rule := s.on("watch", 1, fault.Before(func(*fault.Exchange) {
				s.churn(3)
				s.Compact()
			}))
			s.breakConnections()
			s.hit(rule, 1, aWait)
			s.converge()
		})
	}},
}

func expire(s *S, events fault.Events) {
	rule := s.onEvents(1, fault.InsertBefore(s.live(events), fault.Expired()))
	s.churn(10)
	i := s.start(rig.Options{})
	i.MustHear("410 in a watch", aWait)
	lists := s.count("list")
	s.write(12)
	s.Create("two/proof", "x")
	s.Update("two/proof")
	s.Update("two/proof")
	s.Delete("two/proof")
	s.hit(rule, 1, time.Minute)
	s.await(s.within(), func() bool { return s.count("list") > lists })
	s.converge()
	if more := s.count("list") - lists; more != 1 {
		s.violate("row", "%d lists after one 410, want 1", more)
	}
}
