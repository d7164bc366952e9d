package faultmatrix

import (
	"errors"
	"flag"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

var pendingFlag = flag.Bool("pending", false, "play the rows that do not hold yet, and no others")

// pending are rows, or cases of rows, that do not hold yet. Each says what it waits for. When that is there, the cases move to
// where the row is, and this file goes.
//
// What cannot even be written down as code yet, as there are no names for it:
//
//   - 34, policies of panics: with each policy, the handler is told of the final state of each key after a panic, or is
//     detached and somebody hears of it; the process crashes only if that is the policy. Waits for: the option of handlers.
//   - 34: a transform that panics ends the process (pkg/cache/internal/reflector: objects.accept runs in the goroutine of
//     Run, without recover). It has to be an object that cannot be had, as with an error. Waits for: quarantine.
//   - 35, bounded and coalescing queues: while a handler is blocked and 100,000 events of 10 keys come, its queue holds at
//     most what was asked for, or one entry a key; then it is told of the final state of each key. Waits for: the option of
//     handlers, and the length of its queue.
//   - 26, 27, 4: audits are to be turned on in rig.Informer. Waits for: the option of informers.
//   - 31, claimed length over HTTP/1.1: it hangs the bubble. rest.streamWatch.Stop holds its sync.Once while it closes the body
//     (pkg/rest/watch.go), which waits until TLS has said goodbye, five seconds if the peer does not read; the second
//     Stop waits for a lock then, which is nothing that fake time passes for. Waits for: a Stop that does not wait.
var pending = []struct {
	row
	waitsFor string
}{
	{row{4, "restored backup", pendingBackups}, "audit: no event, and no answer to a watch, tells that the server was set back"},
	{row{10, "garbage in place of answers", emptyLists}, "a list without resourceVersion is no list (reflector.stepPage)"},
	{row{11, "poison", poison}, "quarantine of objects that cannot be decoded"},
	{row{12, "strange events", nameless}, "an object without a name is none (sink.Apply, sink.Replace)"},
	{row{22, "endless list", badTokens}, "a page that is refused for good makes the list begin again (reflector.stepListing)"},
	{row{25, "streaming lists", streamingLists}, "streaming lists"},
	{row{26, "bookmark ahead of events", bookmarksAhead}, "audit"},
	{row{27, "events twice, again, in disorder", pendingDisorder}, "versions that only go forward within a watch (informer.sink, or writer.apply)"},
	{row{27, "gaps", gaps}, "audit"},
	{row{34, "handler panics", pendingPanics}, "policies of panics"},
	{row{38, "functions of indexes and transforms", badTransforms}, "quarantine, of what a transform refuses as well"},
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

// audited is how long an audit may take to find what no event has told.
const audited = 30 * time.Minute

// pendingBackups are restored backups that a watch goes on over as if nothing had happened.
var pendingBackups = []scenario{
	{name: "versions-are-lower", slow: minutes, within: audited, play: func(s *S) { restored(s, 10, 2) }},
	{name: "versions-are-lower-and-then-higher", slow: minutes, within: audited, play: func(s *S) {
		restored(s, 5, 3)
		s.sleep(time.Minute)
		for range 10 {
			s.Update("one/stays")
		}
	}},
	{name: "versions-are-higher", slow: minutes, within: audited, play: func(s *S) { restored(s, 3, 10) }},
}

// emptyLists are answers of which a decoder makes an empty list. Taken for one, they are the deletion of everything.
var emptyLists = []scenario{
	{name: "null", rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("null")) }},
	{name: "an-empty-object", rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("{}")) }},
	{name: "a-list-without-version", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[]}`))
	}},
	{name: "a-status-in-place-of-a-list", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":200}`))
	}},
}

// nameless are events with objects that have no key.
var nameless = []scenario{
	{name: "no-name", rigs: jsonOnly, play: func(s *S) {
		replaceEvent(s, fault.Raw([]byte(`{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"999"}}}`+"\n")))
	}},
}

// badTokens are continue tokens that the server does not understand, now or ever.
var badTokens = []scenario{
	{name: "new-tokens", play: func(s *S) { endlessPages(s, fault.EndlessPages(), 50+s.Random.IntN(50)) }},
	{name: "token-is-not-understood", play: func(s *S) {
		// As after an upgrade that changes what tokens look like: 400, for this token, for ever.
		s.Create("one/a", "x")
		s.Create("one/b", "y")
		s.Create("one/c", "y")
		spoiled := s.on("list", 1, fault.EditList(func(list map[string]any) {
			list["metadata"].(map[string]any)["continue"] = "spoiled"
		}))
		i := s.informer(rig.Options{PageSize: 1})
		i.MustHear("400", aWait)
		i.Start()
		s.hit(spoiled, 1, time.Minute)
	}},
}

// poison: while one object cannot be decoded, all others are followed, and somebody hears of it; when it can be again, or is
// deleted, it is as if nothing had been (R7, R8).
var poison = poisonCases()

func poisonCases() (cases []scenario) {
	for _, p := range []fault.Poison{fault.Undecodable, fault.Null, fault.WrongKind, fault.NoMetadata} {
		name := map[fault.Poison]string{fault.WrongKind: "wrong-kind", fault.NoMetadata: "no-metadata"}[p]
		if name == "" {
			name = string(p)
		}
		var rigs func(rig.Kind) bool
		if p == fault.Undecodable { // labels that are a text are no problem for who does not look at them
			rigs = func(k rig.Kind) bool { return k.Name != "dynamic-json" }
		}
		cases = append(cases,
			scenario{name: name + "-in-lists", rigs: rigs, play: func(s *S) { poisonLists(s, p) }},
			scenario{name: name + "-in-watches", rigs: rigs, play: func(s *S) { poisonWatches(s, p, false) }},
			scenario{name: name + "-in-watches-until-deleted", rigs: rigs, play: func(s *S) { poisonWatches(s, p, true) }},
		)
	}
	return cases
}

// poisoned is the key of the object that cannot be decoded: the first of all lists.
const poisoned = "one/a-poisoned"

// poisonLists spoils one object in all lists, and lets the informer list again and again.
func poisonLists(s *S, p fault.Poison) {
	s.Create(poisoned, "x")
	s.churn(10)
	rule := s.on("list", 0, fault.PoisonItem(0, p))
	i := s.informer(rig.Options{})
	i.MustHear("poison", aWait)
	i.Start()
	for range s.times(3) {
		s.othersFlow(i)
		s.on("watch", 1, fault.InsertFirst(fault.Expired()))
		s.breakConnections()
		s.churn(4)
	}
	s.othersFlow(i)
	rule.Remove()
	s.Update(poisoned) // now it can be decoded
	s.converge()
}

// poisonWatches spoils the events of one object, until it is deleted, or can be decoded again.
func poisonWatches(s *S, p fault.Poison, deleted bool) {
	var spoil atomic.Bool
	s.on("watch", 0, fault.EachEvent(func(stream *fault.Stream, e fault.Event) error {
		if rig.Key(&e.Object) == poisoned && spoil.Load() && e.Type != "DELETED" {
			return stream.Send(fault.Poisoned(p)(stream, e))
		}
		return stream.Send(e.Frame)
	}))
	s.Create(poisoned, "x")
	s.churn(10)
	i := s.start(rig.Options{})
	for range s.times(3) {
		lists := s.count("list")
		i.MustHear("poison", aWait)
		spoil.Store(true)
		s.Update(poisoned)
		s.churn(4)
		s.othersFlow(i)
		if lists := s.count("list") - lists; lists > 3 {
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
	}
}

// othersFlow wants that all objects but the poisoned one get to the informer.
func (s *S) othersFlow(i *rig.Informer) {
	lag := ""
	if !s.await(aWait, func() bool { lag = i.Lag(s.State(), poisoned); return lag == "" }) {
		s.violate("row", "the others do not flow: %s%s", lag, lastHeard(i))
	}
	if !i.HasSynced() {
		s.violate("row", "one object keeps the informer from syncing")
	}
}

// streamingLists: whatever is wrong with a streaming list, the informer syncs, by a list at last, and not before it has everything
// (R9, R19).
var streamingLists = []scenario{
	{name: "no-bookmark", slow: minutes, within: longestWatch, play: func(s *S) {
		streaming(s, 0, fault.Drop(fault.Events{Types: []string{"BOOKMARK"}}))
	}},
	{name: "bookmark-without-annotation", slow: minutes, within: longestWatch, play: func(s *S) {
		streaming(s, 0, fault.Replace(endMark, fault.Bookmark("", false)))
	}},
	{name: "early-bookmark", play: func(s *S) {
		streaming(s, 1, fault.InsertBefore(fault.Events{Types: []string{"ADDED"}, Skip: 2, Times: 1}, fault.Bookmark("", false)))
	}},
	{name: "bookmark-twice", play: func(s *S) { streaming(s, 1, fault.Duplicate(endMark, 1)) }},
	{name: "closed-before-the-end", play: func(s *S) { streaming(s, s.times(3), fault.StopBefore(endMark, fault.Clean)) }},
	{name: "closed-before-the-end-for-ever", within: longestWatch, slow: minutes, play: func(s *S) { streaming(s, 0, fault.StopBefore(endMark, fault.Clean)) }},
	{name: "cut-before-the-end", play: func(s *S) {
		streaming(s, s.times(3), fault.StopWithin(fault.Events{Skip: s.Random.IntN(5)}, s.Random.IntN(200), fault.Reset))
	}},
	{name: "cut-behind-the-end", play: func(s *S) { streaming(s, 1, fault.StopAfter(endMark, fault.Reset)) }},
	{name: "not-known-to-the-server", play: func(s *S) { streaming(s, 0, fault.Status(400, "")) }},
	{name: "refused-by-the-server", play: func(s *S) { streaming(s, 0, fault.Status(422, "")) }},
	{name: "silent", slow: minutes, within: longestWatch, play: func(s *S) { streaming(s, 0, fault.Silent()) }},
	{name: "changes-meanwhile", play: func(s *S) {
		streaming(s, 1, fault.EachEvent(func(stream *fault.Stream, e fault.Event) error {
			s.Churn(s.Random, 1)
			return stream.Send(e.Frame)
		}))
	}},
}

// endMark is the bookmark that ends the initial events.
var endMark = fault.Events{Types: []string{"BOOKMARK"}, Where: func(e fault.Event) bool {
	return e.Object.Annotations[metav1.InitialEventsAnnotationKey] == "true"
}}

// streaming has an effect on the first streaming lists, 0 for all.
func streaming(s *S, times int, effect fault.Effect) {
	s.churn(15)
	s.rule(fault.Rule{
		Match:  request.Match{Verbs: []string{"watch"}, Where: func(r request.Info) bool { return r.Query.Get("sendInitialEvents") == "true" }},
		Times:  times,
		Effect: effect,
	})
	i := s.informer(rig.Options{})
	i.Start()
	s.converge()
	s.down(i, 5, s.Compact) // and once more, for a list that is not the first
}

// bookmarksAhead: what happened before a bookmark, and was not told, is found by an audit (etcd#15220).
var bookmarksAhead = []scenario{
	{name: "and-cut", slow: minutes, within: audited, play: func(s *S) {
		s.churn(10)
		s.on("watch", 1, func(x *fault.Exchange) {
			fault.StopAfter(fault.Events{Skip: 1}, fault.Reset, fault.Bookmark(strconv.FormatInt(s.Revision()+5, 10), false))(x)
		})
		s.start(rig.Options{})
		for range 10 {
			s.churn(1)
		}
	}},
}

// gaps: an event that was lost is found by an audit (R21).
var gaps = []scenario{
	{name: "change", slow: minutes, within: audited, play: func(s *S) { gap(s, "MODIFIED") }},
	{name: "creation", slow: minutes, within: audited, play: func(s *S) { gap(s, "ADDED") }},
	{name: "deletion", slow: minutes, within: audited, play: func(s *S) { gap(s, "DELETED") }},
}

func gap(s *S, eventType string) {
	s.disordered = true
	s.on("watch", 1, fault.Drop(fault.Events{Types: []string{eventType}, Name: "lost"}))
	s.churn(10)
	s.start(rig.Options{})
	s.Create("one/lost", "x")
	s.churn(2)
	s.Update("one/lost")
	s.churn(2)
	if eventType != "MODIFIED" {
		s.Delete("one/lost")
	}
	if eventType == "ADDED" {
		s.Create("one/lost", "x")
	}
	s.churn(2)
}

// pendingPanics are ways for a handler to end other than a panic.
var pendingPanics = []scenario{
	{name: "goexit", play: func(s *S) {
		// As t.FailNow does. Today the goroutine of the handler ends, nobody hears of it, and its queue grows for ever.
		panicAt(s, 1+s.times(8), runtime.Goexit)
	}},
}

// badTransforms: an object that a transform refuses is missing, and somebody hears of it; all others are followed.
var badTransforms = []scenario{
	{name: "transform-fails", play: func(s *S) {
		var refuse atomic.Bool
		refuse.Store(true)
		s.Create(poisoned, "x")
		s.churn(10)
		i := s.informer(rig.Options{Refuse: func(o check.Object) error {
			if refuse.Load() && rig.Key(o) == poisoned {
				return errors.New("not this one")
			}
			return nil
		}})
		i.MustHear("a transform fails", aWait)
		i.Start()
		s.othersFlow(i)
		s.Update(poisoned)
		s.churn(5)
		s.othersFlow(i)
		refuse.Store(false)
		s.Update(poisoned)
		s.converge()
		if !slices.Contains(s.Keys(), poisoned) {
			s.violate("row", "the scenario does not do what it should")
		}
	}},
}
