package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// The requests that answers are tried on.
var (
	getPod    = chain(call("Get"), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"))
	listPods  = chain(call("Get"), call("Namespace", "ns"), call("Resource", "pods"))
	createPod = chain(call("Post"), call("Namespace", "ns"), call("Resource", "pods"), call("Body", newPod()))
	deletePod = chain(call("Delete"), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"))
	patchPod  = chain(call("Patch", types.MergePatchType), call("Namespace", "ns"), call("Resource", "pods"), call("Name", "a"), call("Body", []byte(`{}`)))
	readerPod = chain(call("Post"), call("Namespace", "ns"), call("Resource", "pods"), call("Body", fresh(func() any { return strings.NewReader("{}") })))
	watchPods = chain(call("Get"), call("Namespace", "ns"), call("Resource", "pods"), call("VersionedParams", &metav1.ListOptions{Watch: true}, parameters))
)

// testAnswers sends a request, by Do, DoRaw, Stream or Watch, and compares what the stacks make of the answers.
func testAnswers(t *testing.T, name string, request steps, how string, answers ...answer) {
	testWithin(t, name, options{}, 0, request, how, answers...)
}

// testWithin is testAnswers with a deadline, and compares when it all is over, too. A limit of zero means no deadline.
func testWithin(t *testing.T, name string, opts options, limit time.Duration, request steps, how string, answers ...answer) {
	t.Run(name, func(t *testing.T) {
		run := func(s stack) outcome {
			return observe(t, answers, func(ctx context.Context, rt http.RoundTripper, o *outcome) error {
				if limit != 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, limit)
					defer cancel()
					begin := time.Now()
					defer func() { o.note("duration", time.Since(begin)) }()
				}
				client, err := s.rest(opts, rt)
				if err != nil {
					return err
				}
				returned, err := append(append(steps{}, request...), call(how, ctx)).on(client)
				if err != nil {
					return err
				}
				return o.noteReturned(returned, func() runtime.Object { return &corev1.Pod{} })
			})
		}
		same(t, run(ours), run(theirs))
	})
}

// byAll runs a test for the ways to send a request and read the answer as a whole.
func byAll(t *testing.T, name string, request steps, answers ...answer) {
	for _, how := range []string{"Do", "DoRaw", "Stream"} {
		testAnswers(t, name+" by "+how, request, how, answers...)
	}
}

func status(code int32, reason metav1.StatusReason) metav1.Status {
	return metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Code: code, Reason: reason,
		Message: "the message", Details: &metav1.StatusDetails{
			Name: "a", Kind: "pods", Group: "g", UID: "u",
			Causes: []metav1.StatusCause{{Type: metav1.CauseTypeFieldValueInvalid, Message: "m", Field: "f"}},
		},
	}
}

// reasons are all that the API has, with their codes.
var reasons = map[metav1.StatusReason]int32{
	metav1.StatusReasonUnknown: 500, metav1.StatusReasonUnauthorized: 401, metav1.StatusReasonForbidden: 403, metav1.StatusReasonNotFound: 404,
	metav1.StatusReasonAlreadyExists: 409, metav1.StatusReasonConflict: 409, metav1.StatusReasonGone: 410, metav1.StatusReasonInvalid: 422,
	metav1.StatusReasonServerTimeout: 500, metav1.StatusReasonStoreReadError: 500, metav1.StatusReasonTimeout: 504,
	metav1.StatusReasonTooManyRequests: 429, metav1.StatusReasonBadRequest: 400, metav1.StatusReasonMethodNotAllowed: 405,
	metav1.StatusReasonNotAcceptable: 406, metav1.StatusReasonRequestEntityTooLarge: 413, metav1.StatusReasonUnsupportedMediaType: 415,
	metav1.StatusReasonInternalError: 500, metav1.StatusReasonExpired: 410, metav1.StatusReasonServiceUnavailable: 503,
	"SomethingNew": 418,
}

func TestStatusErrors(t *testing.T) {
	for reason, code := range reasons {
		s := status(code, reason)
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%d %s", code, reason)
		byAll(t, name, getPod, reply(int(code), runtime.ContentTypeJSON, string(data)))
		testAnswers(t, name+" in protobuf", getPod, "Do", reply(int(code), runtime.ContentTypeProtobuf, string(encode(t, runtime.ContentTypeProtobuf, &s))))
		testAnswers(t, name+" to a watch", watchPods, "Watch", reply(int(code), runtime.ContentTypeJSON, string(data)))
	}
}

// TestOtherErrors is about answers without success that hold no Status.
func TestOtherErrors(t *testing.T) {
	bodies := []struct{ name, contentType, body string }{
		{"text", "text/plain", "the reason\n"},
		{"HTML", "text/html", "<html><body>reason</body></html>"},
		{"nothing", "", ""},
		{"other JSON", runtime.ContentTypeJSON, `{"error":"x"}`},
		{"broken JSON", runtime.ContentTypeJSON, `{"kind":"Status",`},
		{"an object", runtime.ContentTypeJSON, `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}`},
		{"not UTF-8", "text/plain", "a\xffb"},
		{"broken protobuf", runtime.ContentTypeProtobuf, "k8s\x00\xff"},
		{"malformed type", ";", "x"},
		{"unknown type", "application/x", "x"},
	}
	for _, code := range []int{300, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 418, 422, 429, 431, 500, 501, 502, 503, 504, 505, 599} {
		for _, b := range bodies {
			testAnswers(t, fmt.Sprintf("%d with %s", code, b.name), getPod, "Do", reply(code, b.contentType, b.body))
		}
		for name, request := range map[string]steps{"creation": createPod, "list": listPods, "deletion": deletePod, "patch": patchPod} {
			testAnswers(t, fmt.Sprintf("%d of a %s", code, name), request, "Do", reply(code, "text/plain", "the reason"))
		}
		testAnswers(t, fmt.Sprintf("%d to DoRaw", code), getPod, "DoRaw", reply(code, "text/plain", "the reason"))
		testAnswers(t, fmt.Sprintf("%d to Stream", code), getPod, "Stream", reply(code, "text/plain", "the reason"))
		testAnswers(t, fmt.Sprintf("%d to Watch", code), watchPods, "Watch", reply(code, "text/plain", "the reason"))
	}
}

func TestRedirects(t *testing.T) {
	for _, code := range []int{301, 302, 303, 307, 308} {
		testAnswers(t, fmt.Sprintf("%d of a get", code), getPod, "Do",
			reply(code, "", "", "Location", "https://other.example/x"), reply(http.StatusOK, runtime.ContentTypeJSON, podJSON))
		testAnswers(t, fmt.Sprintf("%d of a creation", code), createPod, "Do",
			reply(code, "", "", "Location", "https://other.example/x"), reply(http.StatusOK, runtime.ContentTypeJSON, podJSON))
	}
}

const podJSON = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"ns"}}`

func TestSuccess(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	failed, err := json.Marshal(status(404, metav1.StatusReasonNotFound))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		answer answer
	}{
		{"200", reply(200, runtime.ContentTypeJSON, podJSON)},
		{"201", reply(201, runtime.ContentTypeJSON, podJSON)},
		{"202", reply(202, runtime.ContentTypeJSON, podJSON)},
		{"204", reply(204, "", "")},
		{"206", reply(206, runtime.ContentTypeJSON, podJSON)},
		{"protobuf", reply(200, runtime.ContentTypeProtobuf, string(encode(t, runtime.ContentTypeProtobuf, pod)))},
		{"YAML", reply(200, runtime.ContentTypeYAML, string(encode(t, runtime.ContentTypeYAML, pod)))},
		{"CBOR", reply(200, runtime.ContentTypeCBOR, "\xd9\xd9\xf7\xa0")},
		{"charset", reply(200, "application/json; charset=utf-8", podJSON)},
		{"no content type", reply(200, "", podJSON)},
		{"malformed content type", reply(200, ";", podJSON)},
		{"unknown content type", reply(200, "application/x", podJSON)},
		{"text", reply(200, "text/plain", "ok")},
		{"empty", reply(200, runtime.ContentTypeJSON, "")},
		{"broken JSON", reply(200, runtime.ContentTypeJSON, `{"kind":`)},
		{"no kind", reply(200, runtime.ContentTypeJSON, `{"metadata":{"name":"a"}}`)},
		{"unknown kind", reply(200, runtime.ContentTypeJSON, `{"kind":"Unknown","apiVersion":"example.com/v1"}`)},
		{"another kind", reply(200, runtime.ContentTypeJSON, `{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"b"}}`)},
		{"unknown field", reply(200, runtime.ContentTypeJSON, `{"kind":"Pod","apiVersion":"v1","unknown":1}`)},
		{"wrong field", reply(200, runtime.ContentTypeJSON, `{"kind":"Pod","apiVersion":"v1","metadata":7}`)},
		{"Status of success", returns[0]},
		{"Status of failure", reply(200, runtime.ContentTypeJSON, string(failed))},
		{"no length", answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: podJSON, length: -1}},
		{"broken off", answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: podJSON[:9], broken: io.ErrUnexpectedEOF}},
		{"warning", reply(200, runtime.ContentTypeJSON, podJSON, "Warning", `299 - "old"`, "Warning", `299 agent "older \"x\""`)},
		{"warnings in one header", reply(200, runtime.ContentTypeJSON, podJSON, "Warning", `299 - "a", 299 - "b" "Wed, 21 Oct 2015 07:28:00 GMT"`)},
		{"malformed warning", reply(200, runtime.ContentTypeJSON, podJSON, "Warning", `299 "`, "Warning", `299 - "b"`)},
		{"warning of an error", reply(404, runtime.ContentTypeJSON, string(failed), "Warning", `299 - "old"`)},
	} {
		byAll(t, c.name, getPod, c.answer)
	}
}

// TestRetries compares how often a request is sent and when.
func TestRetries(t *testing.T) {
	ok := reply(http.StatusOK, runtime.ContentTypeJSON, podJSON)
	requests := []struct {
		name  string
		steps steps
	}{
		{"get", getPod}, {"creation", createPod}, {"patch", patchPod}, {"deletion", deletePod}, {"creation from a reader", readerPod},
		{"get without retries", append(chain(call("Get"), call("MaxRetries", 0)), getPod[1:]...)},
		{"get with one retry", append(chain(call("Get"), call("MaxRetries", 1)), getPod[1:]...)},
	}
	for _, r := range requests {
		for _, code := range []int{429, 500, 502, 503, 504} {
			later := reply(code, "text/plain", "later", "Retry-After", "2")
			testAnswers(t, fmt.Sprintf("%s after %d", r.name, code), r.steps, "Do", later, later, ok)
			testAnswers(t, fmt.Sprintf("%s after %d for ever", r.name, code), r.steps, "Do", later)
		}
		testAnswers(t, r.name+" after 429 without a time", r.steps, "Do", reply(429, "text/plain", "later"), ok)
		testAnswers(t, r.name+" after 404 with a time", r.steps, "Do", reply(404, "text/plain", "later", "Retry-After", "2"), ok)
		for name, err := range map[string]error{
			"a reset connection": syscall.ECONNRESET, "a refused connection": syscall.ECONNREFUSED, "an end": io.EOF, "an unexpected end": io.ErrUnexpectedEOF,
			"GOAWAY":                 errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug=\"\""),
			"a lost HTTP connection": errors.New("http2: client connection lost"), "another error": errors.New("odd"),
		} {
			testAnswers(t, r.name+" after "+name, r.steps, "Do", answer{err: err}, ok)
		}
	}
	for name, value := range map[string]string{
		"zero": "0", "negative": "-1", "fraction": "1.5", "garbage": "soon", "empty": "", "an hour": "3600",
		"too large": "99999999999999999999", "date": time.Date(2000, 1, 1, 0, 0, 7, 0, time.UTC).Format(http.TimeFormat),
	} {
		testAnswers(t, "Retry-After "+name, getPod, "Do", reply(429, "text/plain", "later", "Retry-After", value), ok)
	}
	for _, how := range []string{"DoRaw", "Stream"} {
		later := reply(503, "text/plain", "later", "Retry-After", "2")
		testAnswers(t, "by "+how, getPod, how, later, ok)
	}
	testAnswers(t, "watch after 429", watchPods, "Watch", reply(429, "text/plain", "later", "Retry-After", "2"), reply(200, runtime.ContentTypeJSON, ""))
	testAnswers(t, "watch after a reset connection", watchPods, "Watch", answer{err: syscall.ECONNRESET}, reply(200, runtime.ContentTypeJSON, ""))
	testAnswers(t, "watch after an end", watchPods, "Watch", answer{err: io.EOF}, reply(200, runtime.ContentTypeJSON, ""))
	testAnswers(t, "watch after another error", watchPods, "Watch", answer{err: errors.New("odd")})
}

func TestWatch(t *testing.T) {
	added := `{"type":"ADDED","object":` + podJSON + `}`
	failed, err := json.Marshal(status(410, metav1.StatusReasonExpired))
	if err != nil {
		t.Fatal(err)
	}
	ofJSON := func(body string) answer { return reply(200, runtime.ContentTypeJSON, body) }
	for _, c := range []struct {
		name   string
		answer answer
	}{
		{"nothing", ofJSON("")},
		{"events", ofJSON(added + "\n" + strings.Replace(added, "ADDED", "MODIFIED", 1) + "\n" + strings.Replace(added, "ADDED", "DELETED", 1) + "\n")},
		{"events without line breaks", ofJSON(added + added)},
		{"bookmark", ofJSON(strings.Replace(added, "ADDED", "BOOKMARK", 1))},
		{"error event", ofJSON(added + `{"type":"ERROR","object":` + string(failed) + `}` + added)},
		{"unknown event", ofJSON(added + strings.Replace(added, "ADDED", "UNKNOWN", 1) + added)},
		{"event without a type", ofJSON(`{"object":` + podJSON + `}`)},
		{"event without an object", ofJSON(`{"type":"ADDED"}`)},
		{"object of an unknown kind", ofJSON(added + `{"type":"ADDED","object":{"kind":"Unknown","apiVersion":"example.com/v1"}}` + added)},
		{"object that cannot be decoded", ofJSON(added + `{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":7}}` + added)},
		{"garbage", ofJSON(added + `garbage` + added)},
		{"truncated event", ofJSON(added + added[:30])},
		{"stream that breaks within an event", answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: added + added[:30], broken: io.ErrUnexpectedEOF}},
		{"stream that breaks between events", answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: added, broken: io.ErrUnexpectedEOF}},
		{"stream that is reset", answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: added, broken: syscall.ECONNRESET}},
		{"JSON with charset", reply(200, "application/json;charset=utf-8", added)},
		{"JSON with stream", reply(200, "application/json;stream=watch", added)},
		{"protobuf", reply(200, runtime.ContentTypeProtobuf+";stream=watch", protobufEvents(t))},
		{"protobuf truncated", reply(200, runtime.ContentTypeProtobuf+";stream=watch", protobufEvents(t)[:20])},
		{"YAML", reply(200, runtime.ContentTypeYAML, "type: ADDED\n")},
		{"unknown content type", reply(200, "application/x", added)},
		{"no content type", reply(200, "", added)},
		{"201", reply(201, runtime.ContentTypeJSON, added)},
		{"Status of failure", ofJSON(string(failed))},
		{"warning", reply(200, runtime.ContentTypeJSON, added, "Warning", `299 - "old"`)},
	} {
		testAnswers(t, c.name, watchPods, "Watch", c.answer)
	}
}

// protobufEvents is a watch stream of two events in protobuf.
func protobufEvents(t *testing.T) string {
	t.Helper()
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	if !ok || info.StreamSerializer == nil {
		t.Fatal("no stream serializer for protobuf")
	}
	var stream bytes.Buffer
	frames := info.StreamSerializer.NewFrameWriter(&stream)
	for _, typ := range []string{"ADDED", "DELETED"} {
		event := &metav1.WatchEvent{Type: typ, Object: runtime.RawExtension{Raw: encode(t, runtime.ContentTypeProtobuf, newPod())}}
		if err := info.StreamSerializer.Encode(event, frames); err != nil {
			t.Fatal(err)
		}
	}
	return stream.String()
}

// TestTimeouts is about requests that nobody answers in time: all of them end, and say why.
func TestTimeouts(t *testing.T) {
	const second, never = time.Second, time.Hour
	hangs := answer{hangs: true}
	later := reply(429, "text/plain", "later", "Retry-After", "5")
	ok := reply(http.StatusOK, runtime.ContentTypeJSON, podJSON)
	slow := answer{code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: podJSON[:9], bodyHangs: true}
	within := func(timeout time.Duration, request steps) steps {
		return append(append(steps{}, request...), call("Timeout", timeout))
	}
	for _, how := range []string{"Do", "DoRaw", "Stream"} {
		testWithin(t, "context by "+how, options{}, 3*second, getPod, how, hangs)
		testWithin(t, "context of a creation by "+how, options{}, 3*second, createPod, how, hangs)
		testWithin(t, "context that is over by "+how, options{}, -1, getPod, how, ok)
		testWithin(t, "context between attempts by "+how, options{}, 3*second, getPod, how, later, ok)
		testWithin(t, "context in the body by "+how, options{}, 3*second, getPod, how, slow)
		testWithin(t, "request by "+how, options{}, never, within(second, getPod), how, hangs)
		testWithin(t, "request between attempts by "+how, options{}, never, within(3*second, getPod), how, later, ok)
		testWithin(t, "request in the body by "+how, options{}, never, within(3*second, getPod), how, slow)
		testWithin(t, "client by "+how, options{timeout: 3 * second}, never, getPod, how, hangs)
		testWithin(t, "client in the body by "+how, options{timeout: 3 * second}, never, getPod, how, slow)
	}
	testWithin(t, "request with time for another attempt", options{}, never, within(30*second, getPod), "Do", later, ok)
	added := answer{
		code: 200, header: http.Header{"Content-Type": {runtime.ContentTypeJSON}}, body: `{"type":"ADDED","object":` + podJSON + `}`, bodyHangs: true,
	}
	testWithin(t, "context by Watch", options{}, 3*second, watchPods, "Watch", hangs)
	testWithin(t, "context of a stream by Watch", options{}, 3*second, watchPods, "Watch", added)
	testWithin(t, "request by Watch", options{}, never, within(3*second, watchPods), "Watch", hangs)
	testWithin(t, "request of a stream by Watch", options{}, never, within(3*second, watchPods), "Watch", added)
	testWithin(t, "client of a stream by Watch", options{timeout: 3 * second}, never, watchPods, "Watch", added)
}
