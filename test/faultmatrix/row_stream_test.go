package faultmatrix

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// streamPatience is how long an informer waits for the next event of a streamed list.
const streamPatience = time.Minute

// streamingLists: whatever is wrong with a streamed list, the informer syncs, in pages at last, and not before it has everything
// (R9, R19).
var streamingLists = []scenario{
	{name: "no-bookmark", rigs: streams, slow: minutes, within: streamPatience + patience, play: func(s *S) {
		streaming(s, 0, fault.Drop(fault.Events{Types: []string{"BOOKMARK"}}), inPages)
	}},
	{name: "bookmark-without-annotation", rigs: streams, slow: minutes, within: streamPatience + patience, play: func(s *S) {
		streaming(s, 0, fault.Replace(endMark, fault.Bookmark("", false)), inPages)
	}},
	{name: "bookmark-before-the-end", rigs: streams, play: func(s *S) {
		streaming(s, 0, fault.InsertBefore(fault.Events{Types: []string{"ADDED"}, Skip: 2, Times: 1}, fault.Bookmark("", false)), streamed)
	}},
	{name: "end-twice", rigs: streams, play: func(s *S) { streaming(s, 0, fault.Duplicate(endMark, 1), streamed) }},
	{name: "closed-before-the-end", rigs: streams, play: func(s *S) { streaming(s, s.times(2), fault.StopBefore(endMark, fault.Clean), streamed) }},
	{name: "closed-before-the-end-for-ever", rigs: streams, slow: minutes, within: 2 * patience, play: func(s *S) {
		streaming(s, 0, fault.StopBefore(endMark, fault.Clean), inPages)
	}},
	{name: "cut-before-the-end", rigs: streams, play: func(s *S) {
		streaming(s, s.times(2), fault.StopWithin(fault.Events{Skip: s.Random.IntN(3)}, s.Random.IntN(200), fault.Reset), streamed)
	}},
	{name: "cut-behind-the-end", rigs: streams, play: func(s *S) { streaming(s, 1, fault.StopAfter(endMark, fault.Reset), streamed) }},
	{name: "not-known-to-the-server", rigs: streams, play: func(s *S) { streaming(s, 0, fault.Status(400, ""), inPages) }},
	{name: "refused-by-the-server", rigs: streams, play: func(s *S) { streaming(s, 0, fault.Status(422, ""), inPages) }},
	{name: "silent", rigs: streams, slow: minutes, within: 2*streamPatience + patience, play: func(s *S) { streaming(s, 0, fault.Silent(), inPages) }},
	{name: "silent-in-the-middle", rigs: streams, slow: minutes, within: 2*streamPatience + patience, play: func(s *S) {
		streaming(s, 0, fault.StopBefore(fault.Events{Skip: 2}, fault.Silence), inPages)
	}},
	{name: "poisoned-end", rigs: streams, slow: minutes, within: 2*streamPatience + patience, play: func(s *S) {
		streaming(s, 1, fault.Replace(endMark, fault.Poisoned(fault.Null)), streamed)
	}},
	{name: "history-forgotten-meanwhile", rigs: streams, play: func(s *S) {
		streaming(s, 1, fault.InsertBefore(fault.Events{Skip: 1, Times: 1}, fault.Expired()), streamed)
	}},
	{name: "changes-meanwhile", rigs: streams, play: func(s *S) {
		n := 0
		streaming(s, 1, fault.EachEvent(func(stream *fault.Stream, e fault.Event) error {
			if n++; n < 10 {
				s.Churn(s.Random, 1)
			}
			return stream.Send(e.Frame)
		}), streamed)
	}},
	{name: "asked-again-later", rigs: streams, hours: "it takes an hour", play: func(s *S) {
		rule := streaming(s, 0, fault.Status(400, ""), inPages)
		rule.Remove()
		s.sleep(time.Hour)
		before := s.streams()
		s.down(s.informers[0], 3, s.Compact)
		if s.streams() != before+1 {
			s.violate("row", "the informer does not stream lists though the server does again")
		}
	}},
}

func streams(k rig.Kind) bool { return k.Streams }

// How a list must have come in the end.
const (
	streamed = false
	inPages  = true
)

// endMark is the bookmark that ends the initial events.
var endMark = fault.Events{Types: []string{"BOOKMARK"}, Where: func(e fault.Event) bool {
	return e.Object.Annotations[metav1.InitialEventsAnnotationKey] == "true"
}}

// ofStreams selects streamed lists.
var ofStreams = request.Match{Verbs: []string{"watch"}, UserAgent: rig.UserAgents, Where: isList}

// streams is how many streamed lists there were.
func (s *S) streams() int { return s.Record().Count(ofStreams) }

// streaming has an effect on the first streamed lists, 0 for all, of the first list of an informer and of a later one. A server
// that does not stream is not asked to again and again.
func streaming(s *S, times int, effect fault.Effect, pages bool) *fault.Fault {
	for range 3 {
		s.churn(20)
	}
	rule := s.rule(fault.Rule{Match: ofStreams, Times: times, Effect: effect})
	i := s.informer(rig.Options{})
	i.Start()
	s.converge()
	s.await(s.within(), i.HasSynced)
	first := s.streams()
	s.down(i, 5, s.Compact)
	status := i.Status()
	if status.Streaming == pages || (status.StreamingRefused != nil) != pages {
		s.violate("row", "the informer says that it streams: %v, refused: %v", status.Streaming, status.StreamingRefused)
	}
	if more := s.streams() - first; pages && more > 0 {
		s.violate("row", "a server that does not stream lists is asked to %d times more", more)
	}
	return rule
}
