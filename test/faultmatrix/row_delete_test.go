package faultmatrix

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// lostDeletes: a deletion during a disconnection is told once: with the final state if the history was there, else as a
// tombstone with the last state that was seen (C5, P2).
var lostDeletes = []scenario{
	{name: "short", play: func(s *S) { deleteWhileAway(s, false) }},
	{name: "longer-than-history", play: func(s *S) { deleteWhileAway(s, true) }},
	{name: "of-a-finalized-object", play: func(s *S) {
		s.Create("one/victim", "x", func(c *corev1.ConfigMap) { c.Finalizers = []string{"example.com/held"} })
		i := s.start(rig.Options{})
		s.Delete("one/victim")
		s.converge()
		s.down(i, 3, func() {
			s.Update("one/victim", func(c *corev1.ConfigMap) { c.Finalizers = nil })
			s.Compact()
		})
		toldDeleted(s, i, "one/victim", true)
	}},
	{name: "of-everything", play: func(s *S) {
		s.churn(20)
		i := s.start(rig.Options{})
		s.down(i, 0, func() {
			for _, key := range s.Keys() {
				s.Update(key, func(c *corev1.ConfigMap) { c.Finalizers = nil })
				if slices.Contains(s.Keys(), key) {
					s.Delete(key)
				}
			}
			s.Compact()
		})
		if n := len(i.Cache()); n != 0 {
			s.violate("row", "%d objects are still in the cache", n)
		}
	}},
}

func deleteWhileAway(s *S, compact bool) {
	victims := []string{"one/victim", "two/victim"}
	s.churn(10)
	for _, key := range victims {
		s.Create(key, "x")
	}
	i := s.start(rig.Options{})
	s.down(i, 5, func() {
		for _, key := range victims {
			s.Update(key)
			s.Delete(key)
		}
		if compact {
			s.Compact()
		}
	})
	for _, key := range victims {
		toldDeleted(s, i, key, compact)
	}
}

// toldDeleted wants that each handler was told of a deletion once.
func toldDeleted(s *S, i *rig.Informer, key string, unknown bool) {
	for name, calls := range i.Calls() {
		var deletions []check.Call
		for _, c := range calls {
			if c.Kind == check.Delete && c.Key == key {
				deletions = append(deletions, c)
			}
		}
		if len(deletions) != 1 || deletions[0].Unknown != unknown {
			s.violate("row", "%s was told of %d deletions of %s, want one whose final state is unknown: %v; %+v", name, len(deletions), key, unknown, deletions)
		}
	}
}

// recreations: an object that is deleted and created again during a disconnection is told as such, or as one update between
// objects of different uid; never as a mixture (C2).
var recreations = []scenario{
	{name: "short", play: func(s *S) { recreate(s, false) }},
	{name: "longer-than-history", play: func(s *S) { recreate(s, true) }},
	{name: "told-as-two", play: func(s *S) {
		const key = "one/victim"
		s.Create(key, "x")
		s.churn(5)
		i := s.start(rig.Options{SplitRecreated: true})
		s.down(i, 4, func() {
			s.Delete(key)
			s.Create(key, "y")
			s.Compact()
		})
		toldRecreated(s, i, key, "delete", "add")
	}},
	{name: "with-the-same-content", play: func(s *S) {
		const key = "one/victim"
		same := func(c *corev1.ConfigMap) { c.Data = map[string]string{"v": "same"} }
		s.Create(key, "x", same)
		i := s.start(rig.Options{})
		s.down(i, 2, func() {
			s.Delete(key)
			s.Create(key, "x", same)
			s.Compact()
		})
		toldRecreated(s, i, key, "update")
	}},
}

func recreate(s *S, compact bool) {
	const key = "two/victim"
	s.churn(10)
	s.Create(key, "x", func(c *corev1.ConfigMap) { c.Annotations = map[string]string{"only": "the first has it"} })
	i := s.start(rig.Options{})
	s.down(i, 5, func() {
		for range s.times(3) {
			s.Delete(key)
			s.Create(key, "y")
		}
		if compact {
			s.Compact()
		}
	})
	if compact {
		toldRecreated(s, i, key, "update")
	} else {
		toldRecreated(s, i, key, "delete", "add")
	}
}

// toldRecreated wants that what each handler was told of a key ends so, and at least once between different uids.
func toldRecreated(s *S, i *rig.Informer, key string, want ...string) {
	for name, calls := range i.Calls() {
		var told []string
		for _, c := range calls {
			if c.Key == key {
				told = append(told, c.Kind.String())
			}
		}
		if len(told) < len(want) || !slices.Equal(told[len(told)-len(want):], want) {
			s.violate("row", "%s was told %q of %s, want %q in the end", name, told, key, want)
		}
	}
}

// selectors: who selects objects sees one that is changed so that it is no longer selected as deleted, and one that is from
// then on as added.
var selectors = []scenario{
	{name: "connected", play: func(s *S) {
		s.churn(20)
		s.startSelective()
		for range s.times(20) {
			s.churn(2)
			s.sleep(s.upTo(time.Second))
		}
		s.converge()
	}},
	{name: "disconnected", play: func(s *S) { selectWhileAway(s, func() {}) }},
	{name: "longer-than-history", play: func(s *S) { selectWhileAway(s, s.Compact) }},
	{name: "watch-cut-at-a-departure", play: func(s *S) {
		s.onEvents(1, fault.StopBefore(fault.Events{Types: []string{"DELETED"}}, fault.Reset))
		s.Create("one/traveller", "x")
		i := s.start(rig.Options{App: "x"})
		i.MustHear("the watch was cut", aWait)
		s.Update("one/traveller", rig.App("y"))
		s.sleep(time.Second)
		s.Update("one/traveller", rig.App("x"))
	}},
}

// startSelective starts informers that select by label, by namespace, and by both.
func (s *S) startSelective() *rig.Informer {
	i := s.start(rig.Options{App: "x"})
	s.start(rig.Options{App: "y", Namespace: "one"})
	s.start(rig.Options{Namespace: "two"})
	return i
}

func selectWhileAway(s *S, then func()) {
	s.Create("one/leaves", "x")
	s.Create("one/enters", "y")
	s.Create("one/leaves-and-is-deleted", "x")
	s.Create("one/returns", "x")
	s.churn(10)
	i := s.startSelective()
	s.down(i, 10, func() {
		s.Update("one/leaves", rig.App("y"))
		s.Update("one/enters", rig.App("x"))
		s.Update("one/leaves-and-is-deleted", rig.App("z"))
		s.Delete("one/leaves-and-is-deleted")
		s.Update("one/returns", rig.App("z"))
		s.Update("one/returns", rig.App("x"))
		then()
	})
	for key, want := range map[string]check.Kind{"one/leaves": check.Delete, "one/enters": check.Add, "one/leaves-and-is-deleted": check.Delete} {
		for name, calls := range i.Calls() {
			got := "nothing"
			for _, c := range calls {
				if c.Key == key {
					got = fmt.Sprint(c.Kind)
				}
			}
			if got != fmt.Sprint(want) {
				s.violate("row", "%s was told last of %s: %s, want %s", name, key, got, want)
			}
		}
	}
}
