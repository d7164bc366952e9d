package faultmatrix

import (
	"fmt"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// poison: while one object cannot be decoded, all others are followed, and the informer says which one it is; when it can be
// again, or is deleted, it is as if nothing had been (R7, R8).
var poison = poisonCases()

func poisonCases() (cases []scenario) {
	names := map[fault.Poison]string{fault.Undecodable: "undecodable", fault.Null: "null", fault.WrongKind: "wrong-kind", fault.NoMetadata: "no-metadata"}
	for _, p := range []fault.Poison{fault.Undecodable, fault.Null, fault.WrongKind, fault.NoMetadata} {
		decodes := func(k rig.Kind) bool { return p != fault.Undecodable || k.Name != "dynamic-json" } // which takes any labels
		inLists := func(k rig.Kind) bool { return decodes(k) && !wholeLists(k) }
		cases = append(cases,
			scenario{name: names[p] + "-in-lists", pages: true, rigs: inLists, slow: slowIf(nameless(p)), within: named, play: func(s *S) { poisonLists(s, p) }},
			scenario{name: names[p] + "-in-streamed-lists", rigs: func(k rig.Kind) bool { return decodes(k) && k.Streams }, play: func(s *S) { poisonWatches(s, p, true, false) }},
			scenario{name: names[p] + "-in-watches", rigs: decodes, play: func(s *S) { poisonWatches(s, p, false, false) }},
			scenario{name: names[p] + "-in-watches-until-deleted", rigs: decodes, play: func(s *S) { poisonWatches(s, p, false, true) }},
		)
	}
	return append(cases, scenario{name: "deleted-while-nameless", pages: true, slow: minutes, within: named, rigs: func(k rig.Kind) bool { return !wholeLists(k) }, play: deletedWhileNameless})
}

// nameless says that nobody can tell from a poisoned object which one it is. Until a list is without such, the informer cannot
// know what was deleted, and lists again and again.
func nameless(p fault.Poison) bool { return p == fault.Null || p == fault.NoMetadata }

// named is when it has listed after the object has its name again. The longer it had none, the longer that takes.
const named = 20*time.Minute + patience

func slowIf(slow bool) string {
	if slow {
		return minutes
	}
	return ""
}

// wholeLists says of informers with a ListWatch of a typed client that they get lists whole or not at all.
func wholeLists(k rig.Kind) bool {
	return k.Name == "untyped-json" || k.Name == "untyped-protobuf" || k.Name == "metadata-protobuf"
}

// poisoned is the key of the object that cannot be decoded: the first of all lists.
const poisoned = "one/a-poisoned"

// poisonLists spoils one object in all lists, and lets the informer list again and again.
func poisonLists(s *S, p fault.Poison) {
	s.except = map[string]bool{poisoned: true}
	s.Create(poisoned, "x")
	s.churn(10)
	rule := s.on("list", 0, fault.PoisonItem(0, p))
	s.disordered = nameless(p)
	i := s.informer(rig.Options{})
	i.MustHear("poison", aWait)
	i.Start()
	for n := range s.times(3) {
		s.othersFlow(i)
		s.quarantined(i, p, 1)
		s.on("watch", 1, fault.InsertFirst(fault.Expired()))
		s.breakConnections()
		s.Create(fmt.Sprint("two/another-", n), "y")
		if !nameless(p) {
			s.churn(4)
		}
	}
	s.othersFlow(i)
	if nameless(p) {
		s.deleteAndList(i, "two/another-0")
	}
	rule.Remove()
	s.Update(poisoned) // now it can be decoded
	s.converge()
	s.quarantined(i, p, 0)
}

// deleteAndList deletes an object while the informer is away, so that it has to list.
func (s *S) deleteAndList(i *rig.Informer, key string) {
	lists := s.count("list")
	s.Stop()
	s.Delete(key)
	s.Compact()
	s.must(s.Start())
	s.await(patience, func() bool { return s.count("list") > lists && s.watches(i) })
}

// deletedWhileNameless deletes an object while another one, in lists, does not say which one it is, so that nobody knows what was
// deleted. When it can be decoded again, the informer finds out by itself.
func deletedWhileNameless(s *S) {
	s.disordered = true
	s.Create(poisoned, "x")
	s.Create("two/deleted", "x")
	rule := s.on("list", 0, fault.PoisonItem(0, fault.Null))
	i := s.informer(rig.Options{})
	i.Start()
	s.othersFlow(i)
	s.deleteAndList(i, "two/deleted")
	rule.Remove()
	s.Update(poisoned)
	s.converge()
	s.quarantined(i, fault.Null, 0)
}

// poisonWatches spoils the events of one object, from the list on or later, until it is deleted, or can be decoded again.
func poisonWatches(s *S, p fault.Poison, fromTheList, deleted bool) {
	s.except = map[string]bool{poisoned: true}
	var spoil atomic.Bool
	spoil.Store(fromTheList)
	s.onEvents(0, fault.EachEvent(func(stream *fault.Stream, e fault.Event) error {
		if rig.Key(&e.Object) == poisoned && spoil.Load() && e.Type != "DELETED" {
			return stream.Send(fault.Poisoned(p)(stream, e))
		}
		return stream.Send(e.Frame)
	}))
	s.Create(poisoned, "x")
	s.churn(10)
	i := s.informer(rig.Options{})
	i.Start()
	if fromTheList {
		s.othersFlow(i)
	} else {
		s.converge()
		s.await(aWait, func() bool { return s.watches(i) })
	}
	for range s.times(3) {
		lists := s.count("list")
		i.MustHear("poison", aWait)
		spoil.Store(true)
		s.Update(poisoned)
		s.churn(4)
		s.othersFlow(i)
		// Of all others, nobody can tell which object they are, or whether they are of the kind at all. Only a list can, or
		// pages if lists are streamed, after three attempts.
		if p == fault.Undecodable && s.Kind.Media == runtime.ContentTypeJSON || p == fault.WrongKind && s.Kind.Name != "dynamic-json" {
			s.quarantined(i, p, 1)
		}
		if lists := s.count("list") - lists; lists > 5 {
			s.violate("I10", "%d lists for one object that cannot be decoded", lists)
		}
		spoil.Store(false)
		if deleted {
			s.Delete(poisoned)
			s.converge()
			s.Create(poisoned, "x")
		} else {
			s.Update(poisoned)
		}
		s.converge()
		s.quarantined(i, p, 0)
	}
}

// othersFlow wants that all objects but the poisoned one get to the informer.
func (s *S) othersFlow(i *rig.Informer) {
	lag := ""
	if !s.await(patience, func() bool { lag = i.Lag(s.State(), poisoned); return lag == "" }) {
		s.violate("row", "the others do not flow: %s%s", lag, lastHeard(i))
	}
	if !i.HasSynced() {
		s.violate("row", "one object keeps the informer from syncing")
	}
}

// quarantined wants that the informer says how many objects could not be decoded, and which, as far as anybody knows.
func (s *S) quarantined(i *rig.Informer, p fault.Poison, n int) {
	if !s.await(s.within(), func() bool { return len(i.Status().Quarantined) == n }) {
		s.violate("I14", "the informer says that %+v could not be decoded, which is not %d", i.Status().Quarantined, n)
		return
	}
	for _, q := range i.Status().Quarantined {
		if p != fault.Null && p != fault.NoMetadata && q.Namespace+"/"+q.Name != poisoned {
			s.violate("I14", "the informer says that %s/%s could not be decoded", q.Namespace, q.Name)
		}
	}
}
