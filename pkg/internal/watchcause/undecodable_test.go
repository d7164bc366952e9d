package watchcause

import (
	"strings"
	"testing"
	"unicode"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

var object = Object{Event: watch.Modified, Namespace: "ns", Name: "name", UID: "uid", ResourceVersion: "7"}

func statusOf(causes ...metav1.StatusCause) *metav1.Status {
	return &metav1.Status{Code: 500, Reason: metav1.StatusReasonInternalError, Details: &metav1.StatusDetails{Causes: causes}}
}

func TestOnlyTheClientsOwnStatusIsParsed(t *testing.T) {
	if got, ok := ParseUndecodable(statusOf(metav1.StatusCause{Type: "Other"}, NewUndecodable(object))); !ok || got != object {
		t.Fatalf("%+v, %v", got, ok)
	}
	changed := func(change func(*metav1.Status)) *metav1.Status {
		s := statusOf(NewUndecodable(object))
		change(s)
		return s
	}
	nameless, versionless, bookmark := object, object, object
	nameless.Name, versionless.ResourceVersion, bookmark.Event = "", "", watch.Bookmark
	for name, status := range map[string]*metav1.Status{
		"nothing":            nil,
		"no details":         changed(func(s *metav1.Status) { s.Details = nil }),
		"no causes":          statusOf(),
		"another code":       changed(func(s *metav1.Status) { s.Code = 410 }),
		"another reason":     changed(func(s *metav1.Status) { s.Reason = metav1.StatusReasonExpired }),
		"another type":       statusOf(metav1.StatusCause{Type: Broken, Message: NewUndecodable(object).Message}),
		"another cause last": statusOf(NewUndecodable(object), metav1.StatusCause{Type: Broken}),
		"no object":          statusOf(metav1.StatusCause{Type: Undecodable}),
		"a broken message":   statusOf(metav1.StatusCause{Type: Undecodable, Message: "%"}),
		"no name":            statusOf(NewUndecodable(nameless)),
		"no resourceVersion": statusOf(NewUndecodable(versionless)),
		"a bookmark":         statusOf(NewUndecodable(bookmark)),
	} {
		if got, ok := ParseUndecodable(status); ok {
			t.Errorf("%s: parsed as %+v", name, got)
		}
	}
}

// FuzzUndecodable checks that whatever a server calls its objects comes back as it was, and is printable on the way.
func FuzzUndecodable(f *testing.F) {
	f.Add(0, "ns", "name", "uid", "7")
	f.Add(1, "", "a&name=b;c", "%zz", "+ =")
	f.Add(2, "\x00\xff\n", "\x1b[31m", "é\u2028", " ")
	f.Add(3, "", "", "", "")
	f.Fuzz(func(t *testing.T, event int, namespace, name, uid, version string) {
		o := Object{
			Event:     []watch.EventType{watch.Added, watch.Modified, watch.Deleted, watch.Bookmark}[uint(event)%4],
			Namespace: namespace, Name: name, UID: types.UID(uid), ResourceVersion: version,
		}
		cause := NewUndecodable(o)
		if strings.ContainsFunc(cause.Message, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
			t.Errorf("message %q", cause.Message)
		}
		got, ok := ParseUndecodable(statusOf(cause))
		if ok != o.Valid() || ok && got != o {
			t.Errorf("%+v became %+v, %v", o, got, ok)
		}
	})
}

// FuzzParseUndecodable checks that a message of any kind is either refused or means one object.
func FuzzParseUndecodable(f *testing.F) {
	f.Add(NewUndecodable(object).Message)
	f.Add("event=ADDED&name=a&name=b&resourceVersion=1&x=y")
	f.Add("event=ADDED;name=%")
	f.Fuzz(func(t *testing.T, message string) {
		o, ok := ParseUndecodable(statusOf(metav1.StatusCause{Type: Undecodable, Message: message}))
		if !ok {
			return
		}
		if again, ok := ParseUndecodable(statusOf(NewUndecodable(o))); !ok || again != o {
			t.Errorf("%+v became %+v", o, again)
		}
	})
}
