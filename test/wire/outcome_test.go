package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/watch"
)

// outcome is what a stack did: the requests that it sent and what it made of the answers, by the names of fields that the
// table of differences uses.
type outcome struct {
	refused  error // why there is no client, or no request
	requests []sent
	fields   map[string]any
}

// note keeps a field.
func (o *outcome) note(field string, value any) {
	if o.fields == nil {
		o.fields = map[string]any{}
	}
	o.fields[field] = value
}

// failure is what a program can find out about an error. Texts are the stacks' own, unless they come from the server.
type failure struct {
	Reason              metav1.StatusReason
	Cancelled, Deadline bool
	Delay               int // seconds that the server suggests to wait; negative means that it does not
	Status              *metav1.Status
}

// noteError keeps an error.
func (o *outcome) noteError(field string, err error) {
	if err == nil {
		o.note(field, (*failure)(nil))
		return
	}
	f := &failure{
		Reason: apierrors.ReasonForError(err), Cancelled: errors.Is(err, context.Canceled), Deadline: errors.Is(err, context.DeadlineExceeded), Delay: -1,
	}
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		f.Delay = seconds
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		s := status.Status()
		f.Status = s.DeepCopy()
		if apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) { // the client made it
			f.Status.Message, f.Status.Details.Causes = "", nil
		}
	}
	o.note(field, f)
}

// result is the rest.Result of both stacks, but for the methods that return one.
type result interface {
	Error() error
	Raw() ([]byte, error)
	Get() (runtime.Object, error)
	Into(obj runtime.Object) error
	Warnings() []net.WarningHeader
}

// noteResult keeps all that a rest.Result says. into, if not nil, returns an object to decode into.
func (o *outcome) noteResult(r result, into func() runtime.Object) error {
	var code int
	var contentType string
	var created bool
	for _, s := range []step{call("StatusCode", &code), call("ContentType", &contentType), call("WasCreated", &created)} {
		if _, err := s.on(r); err != nil {
			return err
		}
	}
	raw, err := r.Raw()
	if err == nil { // else client-go has them for some bodies and not for others
		o.note("StatusCode", code)
		o.note("ContentType", contentType)
		o.note("Raw", string(raw))
	}
	o.note("WasCreated", created)
	o.note("Warnings", r.Warnings())
	o.noteError("error", r.Error())
	obj, err := r.Get()
	o.noteError("Get: error", err)
	o.note("Get: object", obj)
	if into != nil {
		obj := into()
		o.noteError("Into: error", r.Into(obj))
		o.note("Into: object", obj)
	}
	return nil
}

// noteEvents keeps the events of a watch until it ends.
func (o *outcome) noteEvents(w watch.Interface) {
	var events []string
	for event := range w.ResultChan() {
		events = append(events, string(event.Type)+" "+describe(event.Object))
	}
	w.Stop()
	o.note("events", events)
}

func describe(obj runtime.Object) string {
	if status, ok := obj.(*metav1.Status); ok {
		return fmt.Sprintf("Status code %d, reason %s", status.Code, status.Reason)
	}
	data, err := json.Marshal(obj)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// noteReturned keeps what the last step of a chain returned: a Result, a body, a watch, an object, each maybe with an error.
func (o *outcome) noteReturned(returned []any, into func() runtime.Object) error {
	for _, value := range returned {
		switch v := value.(type) {
		case nil: // an error or a watch that there is not
			if o.fields["error"] == nil {
				o.noteError("error", nil)
			}
		case error:
			o.noteError("error", v)
		case result:
			if err := o.noteResult(v, into); err != nil {
				return err
			}
		case watch.Interface:
			o.noteEvents(v)
		case io.ReadCloser:
			content, err := io.ReadAll(v)
			o.note("stream", string(content))
			o.noteError("stream: error", errors.Join(err, v.Close()))
		case []byte:
			o.note("bytes", string(v))
		case runtime.Object:
			o.note("object", v)
		case string:
			o.note("text", v)
		default:
			return fmt.Errorf("a call returned %T, which the test cannot compare", v)
		}
	}
	return nil
}

// observe runs f, which is to make calls of a stack through the recorder, in a bubble and returns what happened.
func observe(t *testing.T, answers []answer, f func(ctx context.Context, rt http.RoundTripper, o *outcome) error) outcome {
	t.Helper()
	var o outcome
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{answers: answers, begin: time.Now()}
		if err := f(quiet(t.Context()), r, &o); err != nil {
			t.Fatal(err)
		}
		o.requests = r.requests
	})
	return o
}

// compare returns the fields in which outcomes differ, with the difference.
func compare(ours, theirs outcome) map[string]string {
	differences := map[string]string{}
	add := func(field string, ours, theirs any) {
		if diff := cmp.Diff(theirs, ours); diff != "" {
			differences[field] += diff
		}
	}
	if (ours.refused == nil) != (theirs.refused == nil) {
		// Everything else differs, too.
		differences["refused"] = fmt.Sprintf("-%v %+v\n+%v %+v", theirs.refused, theirs.requests, ours.refused, ours.requests)
		return differences
	}
	add("requests", len(ours.requests), len(theirs.requests))
	for i := range min(len(ours.requests), len(theirs.requests)) {
		a, b := ours.requests[i], theirs.requests[i]
		add("method", a.Method, b.Method)
		add("host", a.Host, b.Host)
		add("path", a.Path, b.Path)
		add("escaped path", a.EscapedPath, b.EscapedPath)
		add("query", a.Query, b.Query)
		add("body", a.Body, b.Body)
		add("time", a.At, b.At)
		for _, name := range slices.Sorted(maps.Keys(union(a.Header, b.Header))) {
			add("header "+name, a.Header[name], b.Header[name])
		}
	}
	add("error", ours.fields["error"], theirs.fields["error"])
	if _, ok := differences["error"]; ok {
		return differences // all else follows from that
	}
	for _, field := range slices.Sorted(maps.Keys(union(ours.fields, theirs.fields))) {
		if field != "error" {
			add(field, ours.fields[field], theirs.fields[field])
		}
	}
	return differences
}

// union returns the keys of both maps.
func union[V any](a, b map[string]V) map[string]bool {
	keys := map[string]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return keys
}

// same fails the test if outcomes differ in a way that the table of differences does not have, or do not where it has one.
func same(t *testing.T, ours, theirs outcome) {
	t.Helper()
	found := compare(ours, theirs)
	for field, reason := range expectedDifferences(t.Name()) {
		if _, ok := found[field]; !ok {
			t.Errorf("%s does not differ: remove it from the table of differences, where it is since %s", field, reason)
		}
		delete(found, field)
	}
	for _, field := range slices.Sorted(maps.Keys(found)) {
		t.Errorf("%s differs (-client-go +kubewright):\n%s", field, strings.TrimSpace(found[field]))
	}
}
