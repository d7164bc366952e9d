package faultmatrix

import (
	"bytes"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// garbage: whatever comes instead of an answer is an error that is told, and waited after; when it ends, nothing is left of it.
var garbage = []scenario{
	{name: "page-of-a-proxy", play: func(s *S) { garble(s, "", fault.HTML(http.StatusOK)) }},
	{name: "error-page-of-a-proxy", play: func(s *S) { garble(s, "", fault.HTML(http.StatusBadGateway)) }},
	{name: "empty-answer", play: func(s *S) { garble(s, "list", fault.Break(fault.Clean)) }},
	{name: "random-bytes", play: func(s *S) { garble(s, "", fault.Garbage(100+s.Random.IntN(2000), "")) }},
	{name: "random-bytes-called-text", play: func(s *S) { garble(s, "", fault.Garbage(1000, "text/plain")) }},
	{name: "wrong-content-type", play: func(s *S) {
		garble(s, "", fault.Header(func(_ int, h http.Header) { h.Set("Content-Type", "application/cbor") }))
	}},
	{name: "another-content-type-of-ours", play: func(s *S) {
		other := runtime.ContentTypeProtobuf
		if s.Kind.Media == other {
			other = runtime.ContentTypeJSON
		}
		garble(s, "list", fault.Header(func(_ int, h http.Header) { h.Set("Content-Type", other) }))
	}},
	{name: "wrong-magic", rigs: protobufOnly, play: func(s *S) {
		garble(s, "list", fault.Edit(func(_ *fault.Exchange, _ int, _ http.Header, body []byte) []byte {
			return bytes.Replace(body, []byte("k8s\x00"), []byte("k9s\x00"), 1)
		}))
	}},
	{name: "an-array", rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("[]")) }},
	{name: "an-object-in-place-of-a-list", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"one","resourceVersion":"7"}}`))
	}},
	{name: "a-list-of-another-kind", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a","namespace":"one","resourceVersion":"7"}}]}`))
	}},
	// Of these, a decoder makes an empty list. Taken for one, they are the deletion of everything.
	{name: "null", rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("null")) }},
	{name: "an-empty-object", rigs: jsonOnly, play: func(s *S) { garble(s, "list", answer("{}")) }},
	{name: "a-list-without-version", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[]}`))
	}},
	{name: "a-status-in-place-of-a-list", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", answer(`{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":200}`))
	}},
	{name: "more-behind-the-list", rigs: jsonOnly, play: func(s *S) {
		garble(s, "list", fault.Edit(func(_ *fault.Exchange, _ int, _ http.Header, body []byte) []byte {
			return append(body, `{"kind":"ConfigMapList"`...)
		}))
	}},
	{name: "in-a-watch", play: func(s *S) { garbleWatch(s, fault.Raw(random(s, 50))) }},
	{name: "zeros-in-a-watch", play: func(s *S) { garbleWatch(s, fault.Raw(make([]byte, 64))) }},
	{name: "an-event-without-object-in-a-watch", rigs: jsonOnly, play: func(s *S) { garbleWatch(s, fault.Raw([]byte(`{"type":"ADDED"}`))) }},
	{name: "an-array-in-a-watch", rigs: jsonOnly, play: func(s *S) { garbleWatch(s, fault.Raw([]byte(`["ADDED",{}]`))) }},
}

func jsonOnly(k rig.Kind) bool     { return k.Media == runtime.ContentTypeJSON }
func protobufOnly(k rig.Kind) bool { return k.Media == runtime.ContentTypeProtobuf }

func answer(body string) fault.Effect {
	return fault.Respond(fault.Answer{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)})
}

func random(s *S, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.Random.Uint32())
	}
	return b
}

// garble spoils answers to requests with a verb, of the first list and of later ones.
func garble(s *S, verb string, effect fault.Effect) {
	s.churn(10)
	n := s.times(3)
	rule := s.on(verb, n, effect)
	i := s.informer(rig.Options{})
	i.MustHear("garbage", aWait)
	i.Start()
	s.write(5)
	s.hit(rule, n, 5*time.Minute)
	s.converge()
	if !s.fake {
		return // what follows costs more waits
	}
	s.on(verb, 1, effect)
	s.down(i, 5, s.Compact)
}

// garbleWatch inserts something before an event. Whatever it is, it may stand for a change.
func garbleWatch(s *S, frame fault.Frame) {
	rule := s.onEvents(1, fault.InsertBefore(s.live(fault.Events{Skip: s.Random.IntN(4), Times: 1}), frame))
	s.churn(10)
	i := s.start(rig.Options{})
	i.MustHear("garbage in a watch", aWait)
	for range 6 {
		s.churn(1)
	}
	s.Create("one/proof", "x")
	s.Update("one/proof")
	s.Delete("one/proof")
	s.hit(rule, 1, aWait)
	s.converge()
}

// strangeEvents: an event that cannot be understood stands for a change that was not seen: the informer lists again (R7).
var strangeEvents = []scenario{
	{name: "no-name", rigs: jsonOnly, play: func(s *S) {
		replaceEvent(s, fault.Raw([]byte(`{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"999"}}}`+"\n")))
	}},
	{name: "unknown-type", play: func(s *S) { replaceEvent(s, fault.Retyped("STRANGE")) }},
	{name: "status-as-changed-object", play: func(s *S) {
		replaceEvent(s, fault.StatusEvent("MODIFIED", metav1.Status{Status: metav1.StatusFailure, Code: 500, Message: "strange"}))
	}},
	{name: "status-as-deleted-object", play: func(s *S) {
		replaceEvent(s, fault.StatusEvent("DELETED", metav1.Status{Status: metav1.StatusSuccess}))
	}},
	{name: "error-that-says-nothing", play: func(s *S) { replaceEvent(s, fault.StatusEvent("ERROR", metav1.Status{})) }},
	{name: "internal-error", play: func(s *S) {
		replaceEvent(s, fault.StatusEvent("ERROR", metav1.Status{Status: metav1.StatusFailure, Code: 500, Reason: metav1.StatusReasonInternalError, Message: "etcd event lost"}))
	}},
	{name: "table", rigs: jsonOnly, play: func(s *S) {
		replaceEvent(s, fault.Raw([]byte(`{"type":"ADDED","object":{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"5"},"columnDefinitions":[],"rows":[]}}`+"\n")))
	}},
	{name: "bookmark-without-version", rigs: jsonOnly, play: func(s *S) {
		replaceEvent(s, fault.Raw([]byte(`{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{}}}`+"\n")))
	}},
	{name: "another-kind", rigs: jsonOnly, play: func(s *S) {
		replaceEvent(s, fault.Raw([]byte(`{"type":"MODIFIED","object":{"kind":"Secret","apiVersion":"v1","metadata":{"name":"c0","namespace":"one","resourceVersion":"999"}}}`+"\n")))
	}},
}

// replaceEvent loses one event, and sends something else in its place.
func replaceEvent(s *S, frame fault.Frame) {
	rule := s.onEvents(1, fault.Replace(s.live(fault.Events{Skip: s.Random.IntN(4), Times: 1}), frame))
	s.churn(10)
	i := s.start(rig.Options{})
	lists := s.count("list")
	i.MustHear("a strange event", aWait)
	s.Create("one/proof", "x")
	s.Update("one/proof")
	for range 4 {
		s.churn(1)
	}
	s.Delete("one/proof")
	s.hit(rule, 1, aWait)
	s.converge()
	if s.count("list") == lists {
		s.violate("row", "the informer has not listed again, and a change was lost")
	}
}
