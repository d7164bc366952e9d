package check

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// made makes an object with a version, an identity and a value.
func made(name string, version int, uid, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: strconv.Itoa(version), UID: types.UID(uid), Labels: map[string]string{"app": value}},
		Data:       map[string]string{"v": value},
	}
}

// story is a history, and an informer that tells it truly: a is created, changed, deleted and created again, b created and
// changed. A test falsifies it.
type story struct {
	a1, a2, a3, b1, b2 *corev1.ConfigMap // as the server has them, at 2, 4 and 8, and at 3 and 5
	changes            map[string][]record.Change
	restores           []Restore
	run                *Run
	informer           *Informer
	handler            *Handler
}

func newStory() *story {
	s := &story{
		a1: made("a", 2, "one", "x"), a2: made("a", 4, "one", "y"), a3: made("a", 8, "two", "x"),
		b1: made("b", 3, "three", "x"), b2: made("b", 5, "three", "y"),
	}
	s.changes = map[string][]record.Change{
		"a": {{Revision: 2, New: s.a1}, {Revision: 4, Old: s.a1, New: s.a2}, {Revision: 6, Old: s.a2}, {Revision: 8, New: s.a3}},
		"b": {{Revision: 3, New: s.b1}, {Revision: 5, Old: s.b1, New: s.b2}},
	}
	c := func(o *corev1.ConfigMap) *corev1.ConfigMap { return o.DeepCopy() } // as a client has them
	a1, a2, a3, b1, b2 := c(s.a1), c(s.a2), c(s.a3), c(s.b1), c(s.b2)
	last := c(s.a2)
	last.ResourceVersion = "6"
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s.handler = &Handler{Name: "handler", MustSync: true, CallsAtSync: 2, Calls: []Call{
		{Kind: Add, Key: "a", New: a1, Initial: true, Looked: true, Stored: a1, CacheSynced: true},
		{Kind: Add, Key: "b", New: b1, Initial: true, Looked: true, Stored: b1, CacheSynced: true},
		{Kind: Update, Key: "a", Old: a1, New: a2, Looked: true, Stored: a2, CacheSynced: true, HandlerSynced: true},
		{Kind: Update, Key: "b", Old: b1, New: b2, Looked: true, Stored: b2, CacheSynced: true, HandlerSynced: true},
		{Kind: Delete, Key: "a", Old: last, Looked: true, CacheSynced: true, HandlerSynced: true},
		{Kind: Add, Key: "a", New: a3, Looked: true, Stored: a3, CacheSynced: true, HandlerSynced: true},
	}}
	s.informer = &Informer{
		Name: "informer", Handlers: []*Handler{s.handler}, MustSync: true,
		AtSync: Objects{"a": a1, "b": b1},
		Final:  Objects{"a": a3, "b": b2},
		Watchers: []*Watcher{{Snapshots: []Snapshot{
			{Objects: Objects{"a": a1, "b": b1}, Version: "3"},
			{Objects: Objects{"b": b2}, Version: "6"},
			{Of: labelled("x"), Part: "x", Objects: Objects{"a": a3}, Version: "8"},
		}}},
		Indexes:  []IndexSnapshot{{Name: "app", Values: app, Objects: Objects{"a": a3, "b": b2}, Index: map[string][]string{"x": {"a"}, "y": {"b"}}}},
		Requests: []record.Entry{{Start: start, Duration: time.Second, Status: 200}, {Start: start.Add(2 * time.Second), Status: 500}},
		Envelope: Envelope{Limits: []Limit{{2, 10 * time.Second}}, Pause: 50 * time.Millisecond},
		Heard:    []Heard{{start.Add(time.Second), fmt.Errorf("broken")}},
		Troubles: []Trouble{{"cut", start, time.Minute}},
		Stop:     &Stop{Asked: start, Ended: start, Stopped: true},
	}
	s.run = &Run{Server: Objects{"a": s.a3, "b": s.b2}, Informers: []*Informer{s.informer}}
	return s
}

func labelled(value string) func(metav1.Object) bool {
	return func(o metav1.Object) bool { return o.GetLabels()["app"] == value }
}

func app(o Object) []string { return []string{o.GetLabels()["app"]} }

// call returns a call, to be changed.
func (s *story) call(n int) *Call { return &s.handler.Calls[n] }

// drop leaves calls out.
func (s *story) drop(from, to int) {
	s.handler.Calls = slices.Delete(s.handler.Calls, from, to)
}

// insert has a call before the n-th.
func (s *story) insert(n int, c Call) {
	c.CacheSynced, c.HandlerSynced = true, true
	s.handler.Calls = slices.Insert(s.handler.Calls, n, c)
}

func (s *story) check() []Violation {
	s.run.History = NewHistory(s.changes, s.restores)
	return s.run.Check()
}

func TestTheTruthIsNoViolation(t *testing.T) {
	for name, change := range truths {
		t.Run(name, func(t *testing.T) {
			s := newStory()
			change(s)
			for _, v := range s.check() {
				t.Error(v)
			}
		})
	}
}

// truths are other ways to tell the story without a lie.
var truths = map[string]func(*story){
	"all": func(*story) {},
	"states are skipped, and the deletion was found by a list": func(s *story) {
		a1 := s.call(0).New
		s.drop(2, 3)
		*s.call(3) = Call{Kind: Delete, Key: "a", Old: a1, Unknown: true, CacheSynced: true, HandlerSynced: true}
	},
	"deletion and creation are one update": func(s *story) {
		s.call(5).Kind, s.call(5).Old = Update, s.call(2).New
		s.drop(4, 5)
	},
	"a resync tells the same again": func(s *story) {
		s.insert(3, Call{Kind: Update, Key: "a", Old: s.call(2).New, New: s.call(2).New})
	},
	"a list tells the same version in a new object": func(s *story) {
		again := s.a3.DeepCopy()
		s.insert(6, Call{Kind: Update, Key: "a", Old: s.call(5).New, New: again})
	},
	"a late handler": func(s *story) {
		s.drop(0, 5)
		s.call(0).Initial, s.call(0).HandlerSynced = true, false
		s.insert(0, Call{Kind: Add, Key: "b", New: s.b2.DeepCopy(), Initial: true})
		s.call(0).HandlerSynced = false
	},
	"the store is ahead of a slow handler": func(s *story) {
		for i := range s.handler.Calls {
			s.call(i).Stored = s.informer.Final[s.call(i).Key]
		}
	},
	"a handler that was removed": func(s *story) {
		s.drop(3, 6)
		s.handler.Until = Removal
	},
	"an informer with a selector": func(s *story) {
		gone := s.a1.DeepCopy()
		gone.ResourceVersion = "4"
		bGone := s.b1.DeepCopy()
		bGone.ResourceVersion = "5"
		*s.call(2) = Call{Kind: Delete, Key: "a", Old: gone, CacheSynced: true, HandlerSynced: true}
		*s.call(3) = Call{Kind: Delete, Key: "b", Old: bGone, CacheSynced: true, HandlerSynced: true}
		s.drop(4, 5)
		s.informer.Selects = labelled("x")
		s.informer.Final = Objects{"a": s.a3.DeepCopy()}
		s.informer.Watchers[0].Snapshots[1].Objects = Objects{}
		s.informer.Indexes = nil
	},
	"a restored backup may take everything back": func(s *story) {
		// Set back to revision 4 after all of that: a is what it was at 4, b what it was at 3; then a gets revision 5.
		s.restores = []Restore{{Revision: 4, Changes: map[string]int{"a": 4, "b": 2}}}
		a5 := made("a", 5, "one", "z")
		s.changes["a"] = append(s.changes["a"], record.Change{Revision: 5, Old: s.a2, New: a5})
		s.run.Server = Objects{"a": a5, "b": s.b1}
		s.informer.Final = Objects{"a": a5.DeepCopy(), "b": s.b1.DeepCopy()}
		s.informer.Watchers[0].Snapshots = append(s.informer.Watchers[0].Snapshots, Snapshot{Objects: Objects{"a": s.a2, "b": s.b1}, Version: "4"})
		old := s.a2.DeepCopy()
		s.insert(6, Call{Kind: Update, Key: "a", Old: s.call(5).New, New: old})
		s.insert(7, Call{Kind: Update, Key: "a", Old: old, New: a5.DeepCopy()})
		s.insert(8, Call{Kind: Update, Key: "b", Old: s.call(3).New, New: s.b1.DeepCopy()})
	},
	"a restored backup may take an object away": func(s *story) {
		s.restores = []Restore{{Revision: 2, Changes: map[string]int{"a": 4, "b": 2}}}
		s.run.Server = Objects{"a": s.a1}
		s.informer.Final = Objects{"a": s.a1.DeepCopy()}
		s.insert(6, Call{Kind: Update, Key: "a", Old: s.call(5).New, New: s.a1.DeepCopy()})
		s.insert(7, Call{Kind: Delete, Key: "b", Old: s.call(3).New, Unknown: true})
	},
	"an object that could not be decoded may be missing, or old": func(s *story) {
		s.informer.Except = map[string]bool{"a": true}
		s.informer.AtSync = Objects{"b": s.b1}
		s.informer.Watchers[0].Snapshots[1].Objects = Objects{"a": s.a1, "b": s.b2}
	},
	"each object is transformed": func(s *story) {
		s.informer.Transform = func(o Object) { o.SetLabels(map[string]string{"app": "transformed"}) }
		for _, c := range s.handler.Calls {
			for _, o := range []Object{c.Old, c.New} {
				if o != nil {
					s.informer.Transform(o)
				}
			}
		}
		s.informer.Indexes, s.informer.Watchers = nil, nil
	},
	"order between keys is free for an informer of a server that has none": func(s *story) {
		s.informer.Disordered = true
		s.informer.Watchers[0].Snapshots[1].Objects = Objects{"a": s.a1, "b": s.b2}
	},
}

// lies are planted violations, by the words that must be said of them.
var lies = map[string]func(*story){
	"I1 harness: the history of the server lacks c": func(s *story) { s.run.Server["c"] = made("c", 9, "four", "x") },
	"I1 informer: the cache lacks a":                func(s *story) { delete(s.informer.Final, "a") },
	"I1 informer: the cache has a ghost, c":         func(s *story) { s.informer.Final["c"] = made("c", 7, "four", "x") },
	"I1 informer: the cache has a as version 4":     func(s *story) { s.informer.Final["a"] = s.a2 },
	"I1 informer: the cache has b, and its content is not the server's": func(s *story) {
		s.informer.Final["b"] = made("b", 5, "three", "z")
	},
	"I2 informer handler a, call 2 (update): version 4 of uid one: its content is not": func(s *story) { s.call(2).New.(*corev1.ConfigMap).Data["v"] = "half" },
	"call 2 (update): the server never had version 7": func(s *story) {
		s.call(2).New = made("a", 7, "one", "y")
	},
	"I2 informer handler b, call 4 (update): version 3 of uid three is older": func(s *story) {
		s.insert(4, Call{Kind: Update, Key: "b", Old: s.call(3).New, New: s.b1.DeepCopy()})
		s.insert(5, Call{Kind: Update, Key: "b", Old: s.call(4).New, New: s.b2.DeepCopy()})
	},
	"I2 informer watcher 0, snapshot 1 of everything: the version of the store is 2, and was 3": func(s *story) {
		s.informer.Watchers[0].Snapshots[1].Version = "2"
	},
	"its content is not the server's":                      func(s *story) { s.informer.Transform = func(o Object) { o.SetLabels(nil) } },
	"I3 informer handler a: nothing was told":              func(s *story) { s.handler.Calls = nil; s.handler.CallsAtSync = 0 },
	"I3 informer handler a: the last call is a deletion":   func(s *story) { s.drop(5, 6) },
	"I3 informer handler b: the last call tells version 3": func(s *story) { s.drop(3, 4) },
	"I4 informer handler a: the deletion was never told":   func(s *story) { s.drop(4, 6); s.withoutTheEndOf("a") },
	"I4 informer handler b, call 6 (delete): it was not deleted": func(s *story) {
		s.insert(6, Call{Kind: Delete, Key: "b", Old: s.call(3).New, Unknown: true})
	},
	"I4 informer handler a, call 4 (delete): it was not deleted": func(s *story) { s.call(4).Old.SetResourceVersion("5") },
	"I4 informer handler a, call 4 (delete): version 6 of uid one is told as the final state, and it was": func(s *story) {
		s.a2.UID = "other"
	},
	"I4 informer handler a, call 4 (delete): its content":                               func(s *story) { s.call(4).Old.SetLabels(nil) },
	"I5 informer handler a, call 4 (add): version 8 of uid two is added, and version 4": func(s *story) { s.drop(4, 5); s.call(4).Kind = Add },
	"I5 informer handler a, call 4 (update): it was never added": func(s *story) {
		s.call(5).Kind, s.call(5).Old = Update, s.call(4).Old
		s.drop(0, 1)
	},
	"I5 informer handler a, call 5 (delete): it was never added, or was deleted": func(s *story) { s.insert(5, *s.call(4)) },
	"I5 informer handler a, call 2 (update): the old object is":                  func(s *story) { s.call(2).Old = s.a1.DeepCopy() },
	"I5 informer handler a, call 4 (delete): the last known object is": func(s *story) {
		s.call(4).Unknown, s.call(4).Old = true, s.a2.DeepCopy()
	},
	"I5 informer handler: a call began before":                                      func(s *story) { s.handler.Overlapped = true },
	"I5 informer handler: 1 calls began after the handler":                          func(s *story) { s.handler.AfterRemoval = 1 },
	"I6 informer handler a, call 2 (update): the store, at the call, has version 2": func(s *story) { s.call(2).Stored = s.a1.DeepCopy() },
	"I6 informer handler b, call 3 (update): the store, at the call, has nothing":   func(s *story) { s.call(3).Stored = nil },
	"I6 informer handler a, call 2 (update): the store, at the call, has nothing": func(s *story) {
		s.call(0).Stored, s.call(2).Stored = s.a3.DeepCopy(), nil
	},
	"I7 informer: the cache has not synced":            func(s *story) { s.informer.AtSync = nil },
	"I7 informer: the cache said that it had synced":   func(s *story) { s.informer.AtSync = Objects{"b": s.b1} },
	"I7 informer handler: the handler has not synced":  func(s *story) { s.handler.CallsAtSync = -1 },
	"call 1 (add): an initial addition after":          func(s *story) { s.handler.CallsAtSync = 1 },
	"call 1 (add): the handler has synced before it":   func(s *story) { s.call(1).HandlerSynced = true },
	"call 3 (update): the handler has synced, and the": func(s *story) { s.call(3).CacheSynced = false },
	"call 3 (update): HasSynced is false again":        func(s *story) { s.call(3).HandlerSynced = false },
	"I8: a goroutine is left":                          func(s *story) { s.run.Left = []string{"a goroutine"} },
	"I10 informer: 2 lists were running at once":       func(s *story) { s.informer.MostLists = 2 },
	"I10 informer: 2 requests in 2s, at most 1":        func(s *story) { s.informer.Envelope.Limits[0].Count = 1 },
	"second in a row that comes sooner than after 2s": func(s *story) {
		third := s.informer.Requests[1]
		third.Start = third.Start.Add(time.Second)
		s.informer.Requests = append(s.informer.Requests, third)
		s.informer.Requests[0].Status, s.informer.Envelope.Pause = 503, 2*time.Second
	},
	"I11 informer: it took 1s to stop":                    func(s *story) { s.informer.Stop.Ended = s.informer.Stop.Asked.Add(time.Second) },
	"I11 informer: IsStopped is false":                    func(s *story) { s.informer.Stop.Stopped = false },
	"I12 informer: an error tells a secret: bad canary-1": func(s *story) { s.informer.Heard[0].Err = errors.New("bad canary-1") },
	"I12 informer: the log tells a secret: canary-token":  func(s *story) { s.informer.Logged = []string{"", "canary-token"} },
	"I13: panic: at the disco":                            func(s *story) { s.run.Panics = []string{"at the disco"} },
	"I14 informer: cut: no error was told within 1m0s":    func(s *story) { s.informer.Heard[0].At = s.informer.Heard[0].At.Add(time.Hour) },
	"I18 informer watcher 0, snapshot 1 of everything: it is not the collection of any moment": func(s *story) {
		s.informer.Watchers[0].Snapshots[1].Objects = Objects{"a": s.a1, "b": s.b2} // b of 5, without a of 4
	},
	"I18 informer watcher 0, snapshot 2 of everything: it is not the collection of any moment": func(s *story) {
		s.informer.Watchers[0].Snapshots[2] = s.informer.Watchers[0].Snapshots[0] // back
	},
	"I18 informer watcher 0, snapshot 2 of x: b, version 5 of uid three, has no place there": func(s *story) {
		s.informer.Watchers[0].Snapshots[2].Objects["b"] = s.b2
	},
	`I18 informer index app: value "x" has [], rebuilt ["a"]`: func(s *story) { delete(s.informer.Indexes[0].Index, "x") },
	`I18 informer index app: value "z", with ["a"], should`:   func(s *story) { s.informer.Indexes[0].Index["z"] = []string{"a"} },
}

// withoutTheEndOf makes the server have deleted a key for good.
func (s *story) withoutTheEndOf(key string) {
	s.changes[key] = s.changes[key][:3]
	delete(s.run.Server, key)
}

func TestEachPlantedViolationIsFound(t *testing.T) {
	for want, lie := range lies {
		t.Run(want, func(t *testing.T) {
			s := newStory()
			lie(s)
			found := s.check()
			if !slices.ContainsFunc(found, func(v Violation) bool { return strings.Contains(v.String(), want) }) {
				t.Errorf("not found, but %d others:\n%v", len(found), found)
			}
		})
	}
}
