package rest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

const (
	jsonStream     = "application/json;stream=watch"
	protobufStream = "application/vnd.kubernetes.protobuf;stream=watch"
	cborStream     = "application/cbor-seq"
)

// frameOf returns an event as a server sends it.
func frameOf(t testing.TB, contentType, eventType string, obj runtime.Object) []byte {
	t.Helper()
	if contentType == jsonStream {
		return fmt.Appendf(nil, `{"type":%q,"object":%s}`+"\n", eventType, encoded(t, "application/json", obj))
	}
	if contentType == cborStream {
		data, err := direct.Marshal(&metav1.WatchEvent{Type: eventType, Object: runtime.RawExtension{Raw: encoded(t, "application/cbor", obj)}})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	event := metav1.WatchEvent{Type: eventType, Object: runtime.RawExtension{Raw: encoded(t, "application/vnd.kubernetes.protobuf", obj)}}
	data, err := event.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...)
}

// watchOf returns a watch whose stream is body.
func watchOf(t testing.TB, contentType string, body io.ReadCloser) watch.Interface {
	t.Helper()
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		resp := respond(200, contentType, nil)
		resp.Body = body
		return resp, nil
	}, nil)
	w, err := c.Get().Resource("configmaps").Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// stream returns the bytes and then err.
func stream(data []byte, err error) io.ReadCloser {
	return io.NopCloser(io.MultiReader(bytes.NewReader(data), readerFunc(func([]byte) (int, error) { return 0, err })))
}

func collect(w watch.Interface) (events []watch.Event) {
	for e := range w.ResultChan() {
		events = append(events, e)
	}
	return events
}

// status returns what an error event says.
func status(t *testing.T, e watch.Event) *metav1.Status {
	t.Helper()
	s, ok := e.Object.(*metav1.Status)
	if e.Type != watch.Error || !ok {
		t.Fatalf("event %s with %T, want an error with a Status", e.Type, e.Object)
	}
	return s
}

func lastCause(s *metav1.Status) string {
	if s.Details == nil || len(s.Details.Causes) == 0 {
		return ""
	}
	return string(s.Details.Causes[len(s.Details.Causes)-1].Type)
}

func TestWatchDeliversEventsInOrderAndEndsWithTheStream(t *testing.T) {
	want := configMap()
	want.TypeMeta = metav1.TypeMeta{}
	expired := apierrors.NewResourceExpired("too old").ErrStatus
	expired.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}
	for _, contentType := range []string{jsonStream, protobufStream, cborStream} {
		t.Run(contentType, func(t *testing.T) {
			var data []byte
			for _, typ := range []string{"ADDED", "MODIFIED", "DELETED", "BOOKMARK"} {
				data = append(data, frameOf(t, contentType, typ, configMap())...)
			}
			data = append(data, frameOf(t, contentType, "ERROR", &expired)...)
			events := collect(watchOf(t, contentType, stream(data, io.EOF)))
			if len(events) != 5 {
				t.Fatalf("%d events, want 5: %v", len(events), events)
			}
			for i, typ := range []watch.EventType{watch.Added, watch.Modified, watch.Deleted, watch.Bookmark} {
				if events[i].Type != typ {
					t.Errorf("event %d is %s, want %s", i, events[i].Type, typ)
				}
				if d := cmp.Diff(want, events[i].Object); d != "" {
					t.Errorf("object of event %d (-want +got):\n%s", i, d)
				}
			}
			if err := apierrors.FromObject(status(t, events[4])); !apierrors.IsResourceExpired(err) {
				t.Errorf("the server's error became %v", err)
			}
		})
	}
}

func TestEachObjectIsTheConsumers(t *testing.T) {
	data := append(frameOf(t, jsonStream, "ADDED", configMap()), frameOf(t, jsonStream, "MODIFIED", configMap())...)
	events := collect(watchOf(t, jsonStream, stream(data, io.EOF)))
	if events[0].Object == events[1].Object {
		t.Error("two events share an object")
	}
}

func TestWatchCutAtEveryByteDeliversNoHalfObject(t *testing.T) {
	for _, contentType := range []string{jsonStream, protobufStream, cborStream} {
		frame := frameOf(t, contentType, "ADDED", configMap())
		whole := len(bytes.TrimRight(frame, "\n"))
		for cut := range len(frame) + 1 {
			events := collect(watchOf(t, contentType, stream(frame[:cut], io.EOF)))
			switch {
			case cut == 0:
				if len(events) != 0 {
					t.Fatalf("%s, empty stream: %v", contentType, events)
				}
			case cut < whole:
				if len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Broken {
					t.Fatalf("%s, cut at %d: %v", contentType, cut, events)
				}
			case len(events) != 1 || events[0].Type != watch.Added:
				t.Fatalf("%s, cut at %d: %v", contentType, cut, events)
			}
		}
	}
}

func TestWatchThatBreaksOrHasNoEventsInItEndsWithAnError(t *testing.T) {
	good := string(frameOf(t, jsonStream, "ADDED", configMap()))
	for _, test := range []struct {
		name, contentType, data string
		err                     error
		cause, want             string
	}{
		{"connection reset", jsonStream, good, errors.New("connection reset"), watchcause.Broken, "the watch stream broke: connection reset"},
		{"end within a chunk", jsonStream, good, io.ErrUnexpectedEOF, watchcause.Broken, "unexpected EOF"},
		{"no JSON", jsonStream, good + "<html>", io.EOF, watchcause.Decoding, "something other than a JSON object"},
		{"no object", jsonStream, good + `{"type":"ADDED","object":5}`, io.EOF, watchcause.Decoding, "object of an event of type ADDED"},
		{"no object at all", jsonStream, good + `{"type":"DELETED"}`, io.EOF, watchcause.Decoding, "object of an event of type DELETED"},
		{"unknown type of event", jsonStream, good + `{"type":"RENAMED","object":{}}`, io.EOF, watchcause.Decoding, `unknown event type "RENAMED"`},
		{"unknown kind of object", jsonStream, good + `{"type":"ADDED","object":{"kind":"Nothing","apiVersion":"v1"}}`, io.EOF, watchcause.Decoding, "Nothing"},
		{"event of a wrong type", jsonStream, good + `{"type":{}}`, io.EOF, watchcause.Decoding, "not an event"},
		{"huge claimed frame", protobufStream, "\xff\xff\xff\xff", io.EOF, watchcause.Decoding, "larger than the limit"},
		{"no CBOR", cborStream, "\xff", io.EOF, watchcause.Decoding, "not a sequence of CBOR values"},
		{"no event in CBOR", cborStream, "\x80", io.EOF, watchcause.Decoding, "unable to decode"},
		{"no protobuf", protobufStream, "\x00\x00\x00\x02\xff\xff", io.EOF, watchcause.Decoding, "unable to decode"},
	} {
		t.Run(test.name, func(t *testing.T) {
			events := collect(watchOf(t, test.contentType, stream([]byte(test.data), test.err)))
			if want := min(strings.Count(test.data, "ADDED"), 1) + 1; test.contentType == jsonStream && len(events) != want {
				t.Fatalf("%d events, want %d", len(events), want)
			}
			s := status(t, events[len(events)-1])
			if s.Code != 500 || s.Reason != metav1.StatusReasonInternalError || lastCause(s) != test.cause {
				t.Errorf("status %+v, want an internal error with cause %s", s, test.cause)
			}
			if message := s.Details.Causes[len(s.Details.Causes)-1].Message; !strings.Contains(message, test.want) {
				t.Errorf("message %q, want one with %q", message, test.want)
			}
		})
	}
}

func TestWatchOfSomethingElseIsAnErrorAtOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		resp *http.Response
		want string
	}{
		{"HTML", respond(200, "text/html", []byte("<html>")), `content type "text/html", which is no stream of events`},
		{"YAML", respond(200, "application/yaml", []byte("a: b")), `no stream serializers registered`},
		{"malformed type", respond(200, "a/b/c;", nil), `is malformed`},
		{"code 204", respond(204, "", nil), `instead of a stream of events`},
	} {
		t.Run(test.name, func(t *testing.T) {
			closed := false
			test.resp.Body = closeFunc{test.resp.Body, func() { closed = true }}
			c := newTestClient(t, func(*http.Request) (*http.Response, error) { return test.resp, nil }, nil)
			if _, err := c.Get().Watch(t.Context()); err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if !closed {
				t.Error("the body is left open")
			}
		})
	}
}

type closeFunc struct {
	io.ReadCloser
	f func()
}

func (c closeFunc) Close() error { c.f(); return c.ReadCloser.Close() }

func TestConnectErrorIsReturnedNotAnEmptyWatch(t *testing.T) {
	c := newTestClient(t, func(*http.Request) (*http.Response, error) { return nil, io.EOF }, nil)
	if w, err := c.Get().MaxRetries(0).Watch(t.Context()); !errors.Is(canary.Err(t, err), io.EOF) || w != nil {
		t.Errorf("Watch = %v, %v, want io.EOF", w, err)
	}
}

// endless is a stream that has one event and then blocks until it is closed.
func endless(frame []byte) io.ReadCloser {
	r, w := io.Pipe()
	return closeFunc{io.NopCloser(io.MultiReader(bytes.NewReader(frame), r)), func() { _ = w.Close() }}
}

func TestCancelledContextClosesTheChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
			resp := respond(200, jsonStream, nil)
			resp.Body = io.NopCloser(readerFunc(func([]byte) (int, error) {
				<-req.Context().Done()
				return 0, req.Context().Err()
			}))
			return resp, nil
		}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		w, err := c.Get().Watch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		cancel()
		if events := collect(w); len(events) != 0 {
			t.Errorf("events %v, want none", events)
		}
	})
}

func TestWatchThatOutlivesItsTimeoutIsEndedByTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
			resp := respond(200, jsonStream, nil)
			resp.Body = io.NopCloser(readerFunc(func([]byte) (int, error) {
				<-req.Context().Done()
				return 0, req.Context().Err()
			}))
			return resp, nil
		}, nil)
		begin := time.Now()
		w, err := c.Get().Timeout(time.Minute).Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		events := collect(w)
		if d := time.Since(begin); d != time.Minute+timeoutSlack {
			t.Errorf("the watch took %v, want %v", d, time.Minute+timeoutSlack)
		}
		if len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Broken {
			t.Errorf("events %v, want one about a broken stream", events)
		}
	})
}

func TestWatchIsNotRateLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, jsonStream, nil), nil },
			func(c *Config) { c.RateLimiter = &slowLimiter{} })
		begin := time.Now()
		w, err := c.Get().Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		collect(w)
		if d := time.Since(begin); d != 0 {
			t.Errorf("the watch waited %v", d)
		}
	})
}

func TestWatchOverHTTP(t *testing.T) {
	release := make(chan struct{})
	c := newServerClient(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("watch") != "true" {
			http.Error(w, "no watch", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", jsonStream)
		frame := frameOf(t, jsonStream, "ADDED", configMap())
		for i := range frame { // chunk by chunk
			_, _ = w.Write(frame[i : i+1])
			if i%100 == 0 {
				w.(http.Flusher).Flush()
			}
		}
		w.(http.Flusher).Flush()
		select {
		case <-release:
			panic(http.ErrAbortHandler)
		case <-req.Context().Done():
		}
	})
	open := func() watch.Interface {
		w, err := c.Get().Resource("configmaps").VersionedParams(&metav1.ListOptions{Watch: true}, testParameters).Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if e := <-w.ResultChan(); e.Type != watch.Added || e.Object.(*corev1.ConfigMap).Name != "cm" {
			t.Fatalf("event %v", e)
		}
		return w
	}
	w := open()
	w.Stop()
	if events := collect(w); len(events) != 0 {
		t.Errorf("events %v after Stop", events)
	}
	w = open()
	close(release) // the server drops the connection
	if events := collect(w); len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Broken {
		t.Errorf("events %v, want one about a broken stream", events)
	}
}

// R8: an event whose object cannot be decoded says which object that is, without its content, and the watch goes on.
func TestR8UndecodableObjectDoesNotEndTheWatch(t *testing.T) {
	broken := configMap()
	broken.UID = "u"
	broken.Data["k"] = secret
	enveloped := func(raw []byte) []byte {
		unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Raw: raw}
		data, err := unknown.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		event := metav1.WatchEvent{Type: "MODIFIED", Object: runtime.RawExtension{Raw: append([]byte("k8s\x00"), data...)}}
		if data, err = event.Marshal(); err != nil {
			t.Fatal(err)
		}
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...)
	}
	cbor := func(object any) []byte {
		raw, err := direct.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		data, err := direct.Marshal(&metav1.WatchEvent{Type: "MODIFIED", Object: runtime.RawExtension{Raw: append([]byte("\xd9\xd9\xf7"), raw...)}})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	meta := map[string]any{"namespace": "ns", "name": "cm", "uid": "u", "resourceVersion": "7", "labels": 5}
	for name, test := range map[string]struct {
		contentType string
		event       []byte
	}{
		"JSON": {jsonStream, bytes.Replace(frameOf(t, jsonStream, "MODIFIED", broken), []byte(`"data":{`), []byte(`"data":{"x":5,`), 1)},
		"JSON of an unknown kind": {jsonStream,
			[]byte(`{"type":"MODIFIED","object":{"kind":"Nothing","apiVersion":"v1","metadata":{"namespace":"ns","name":"cm","uid":"u","resourceVersion":"7"},"x":"` + secret + `"}}`)},
		"JSON without a kind": {jsonStream,
			[]byte(`{"type":"MODIFIED","object":{"metadata":{"namespace":"ns","name":"cm","uid":"u","resourceVersion":"7"},"x":"` + secret + `"}}`)},
		"protobuf": {protobufStream, enveloped(append(marshalled(t, broken), "\x12\x7f"+secret...))},
		"CBOR":     {cborStream, cbor(map[string]any{"kind": "ConfigMap", "apiVersion": "v1", "metadata": meta, "data": map[string]string{"k": secret}})},
	} {
		t.Run(name, func(t *testing.T) {
			good := frameOf(t, test.contentType, "ADDED", configMap())
			events := collect(watchOf(t, test.contentType, stream(slices.Concat(good, test.event, good), io.EOF)))
			if len(events) != 3 || events[0].Type != watch.Added || events[2].Type != watch.Added {
				t.Fatalf("events %v", events)
			}
			s := status(t, events[1])
			want := watchcause.Object{Event: watch.Modified, Namespace: "ns", Name: "cm", UID: "u", ResourceVersion: "7"}
			if got, ok := watchcause.ParseUndecodable(s); !ok || got != want {
				t.Errorf("got %+v, %v, want %+v", got, ok, want)
			}
			if text := fmt.Sprintf("%+v", s); strings.Contains(text, secret) || !strings.Contains(s.Message, `ns/cm`) {
				t.Errorf("status %s", text)
			}
		})
	}
}

// What cannot be named, or is not even whole, ends the watch: nobody could tell what was missed.
func TestUndecodableObjectThatNobodyCanNameEndsTheWatch(t *testing.T) {
	for _, object := range []string{
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"7"},"data":5}`,
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm"},"data":5}`,
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":5,"resourceVersion":"7"}}`,
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"` + strings.Repeat("x", 2000) + `","resourceVersion":"7"},"data":5}`,
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","resourceVersion":"7"},"data":x}`,
		`null`,
	} {
		checkWatchEnds(t, "ADDED", object)
	}
	checkWatchEnds(t, "BOOKMARK", `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","resourceVersion":"7"},"data":5}`)
	checkWatchEnds(t, "ERROR", `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","resourceVersion":"7"},"data":5}`)
}

func checkWatchEnds(t *testing.T, typ, object string) {
	t.Helper()
	data := fmt.Appendf(nil, `{"type":%q,"object":%s}`, typ, object)
	events := collect(watchOf(t, jsonStream, stream(append(data, frameOf(t, jsonStream, "ADDED", configMap())...), io.EOF)))
	if len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Decoding {
		t.Errorf("%s %.100s: events %v", typ, object, events)
	}
}
