package faultmatrix

import (
	"flag"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

var pendingFlag = flag.Bool("pending", false, "play the rows that do not hold yet, and no others")

// pending are rows, or cases of rows, that do not hold yet. Each says what it waits for. When that is there, the cases move to
// where the row is, and this file goes.
var pending = []struct {
	row
	waitsFor string
}{
	{row{11, "poison", poisonInTypedLists}, "kind and apiVersion that an item of a typed list says are compared with those of the list"},
	{row{11, "poison", namelessInLists}, "a list with an object that does not tell its name is made again, also without an audit"},
	{row{10, "garbage in place of answers", emptyLists}, "answers that are no lists are refused where a whole list is decoded (rest.Result.Into)"},
}

// rowsToPlay are the rows to be played.
func rowsToPlay() []row {
	if !*pendingFlag {
		return rows
	}
	var waiting []row
	for _, p := range pending {
		waiting = append(waiting, p.row)
	}
	return waiting
}

// poisonInTypedLists are items that say to be of another kind. They are taken for what they are not, without the rest of it.
var poisonInTypedLists = []scenario{
	{name: "wrong-kind-in-typed-lists", pages: true, rigs: func(k rig.Kind) bool { return k.Name == "typed-json" || k.Name == "typed-protobuf" }, play: func(s *S) {
		poisonLists(s, fault.WrongKind)
	}},
}

// namelessInLists is a list with an object that does not say which one it is, so that nobody knows what was deleted. When it can
// be decoded again, nothing makes the informer list.
var namelessInLists = []scenario{
	{name: "deleted-meanwhile", pages: true, rigs: func(k rig.Kind) bool { return !wholeLists(k) }, play: func(s *S) {
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
	}},
}

// emptyLists are answers of which a decoder makes an empty list. Taken for one, they are the deletion of everything.
var emptyLists = []scenario{
	{name: "null", pages: true, rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("null")) }},
	{name: "an-empty-object", pages: true, rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("{}")) }},
	{name: "a-list-without-version", pages: true, rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[]}`))
	}},
	{name: "a-status-in-place-of-a-list", pages: true, rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":200}`))
	}},
}
