package record

import (
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// History knows what really happened to an object, the oldest first.
type History interface {
	History(resource schema.GroupResource, namespace, name string) []Change
}

// Change is a write of an object: its creation if Old is nil, its deletion if New is nil. The objects must not be
// modified.
type Change struct {
	Revision int64
	Old, New runtime.Object
}

// Trace is what happened to an object, and which watches were told so.
type Trace struct {
	Steps []Step
	// Strange are frames about the object with a version that it never had.
	Strange []Sighting
}

// Step is a change of an object with the frames that told it. Where a restored backup made the server give a revision
// twice, a frame is with both changes.
type Step struct {
	Change
	Seen []Sighting
}

// Sighting is a frame that a watch was sent.
type Sighting struct {
	Request   int64 // Entry.ID of the watch
	UserAgent string
	Frame
}

// Trace joins the frames that are kept, see Options.Frames, with the history of an object.
func (r *Recorder) Trace(history History, resource schema.GroupResource, namespace, name string) Trace {
	var t Trace
	for _, c := range history.History(resource, namespace, name) {
		t.Steps = append(t.Steps, Step{Change: c})
	}
	for e := range r.Entries(Watches(resource)) {
		for _, f := range e.Frames {
			if f.Namespace == namespace && f.Name == name && f.Type != "BOOKMARK" && f.Type != "ERROR" {
				t.add(Sighting{Request: e.ID, UserAgent: e.UserAgent, Frame: f})
			}
		}
	}
	return t
}

func (t *Trace) add(s Sighting) {
	tells := func(step Step) bool { return strconv.FormatInt(step.Revision, 10) == s.ResourceVersion }
	if !slices.ContainsFunc(t.Steps, tells) {
		t.Strange = append(t.Strange, s)
		return
	}
	for i := range t.Steps {
		if tells(t.Steps[i]) {
			t.Steps[i].Seen = append(t.Steps[i].Seen, s)
		}
	}
}
