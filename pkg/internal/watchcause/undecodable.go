package watchcause

import (
	"net/http"
	"net/url"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// Object is what is known of an object that could not be decoded, and of the event that brought it. Its strings are as the
// server sent them, and may be anything.
type Object struct {
	Event           watch.EventType // Added, Modified or Deleted
	Namespace       string          // may be empty
	Name            string
	UID             types.UID // may be empty
	ResourceVersion string
}

// NewUndecodable returns the cause for an object: of type Undecodable, with a message that ParseUndecodable reads and that
// is printable, whatever is in the object.
func NewUndecodable(o Object) metav1.StatusCause {
	return metav1.StatusCause{Type: Undecodable, Message: url.Values{
		"event":           {string(o.Event)},
		"namespace":       {o.Namespace},
		"name":            {o.Name},
		"uid":             {string(o.UID)},
		"resourceVersion": {o.ResourceVersion},
	}.Encode()}
}

// ParseUndecodable returns the object that status is about, if its last cause is of type Undecodable and it has all that the
// client puts into such a Status.
func ParseUndecodable(status *metav1.Status) (Object, bool) {
	if status == nil || status.Code != http.StatusInternalServerError || status.Reason != metav1.StatusReasonInternalError ||
		status.Details == nil || len(status.Details.Causes) == 0 {
		return Object{}, false
	}
	cause := status.Details.Causes[len(status.Details.Causes)-1]
	if cause.Type != Undecodable {
		return Object{}, false
	}
	values, err := url.ParseQuery(cause.Message)
	if err != nil {
		return Object{}, false
	}
	o := Object{
		Event:           watch.EventType(values.Get("event")),
		Namespace:       values.Get("namespace"),
		Name:            values.Get("name"),
		UID:             types.UID(values.Get("uid")),
		ResourceVersion: values.Get("resourceVersion"),
	}
	return o, o.Valid()
}

// Valid reports whether o has what an object and its event must have: one of the three types, a name and a resourceVersion.
func (o Object) Valid() bool {
	switch o.Event {
	case watch.Added, watch.Modified, watch.Deleted:
		return o.Name != "" && o.ResourceVersion != ""
	}
	return false
}
