package storage

import (
	"strconv"
	"sync"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Event is one write: a creation if Old is nil, a deletion if New is nil, else a change. Events and their objects must
// not be modified.
type Event struct {
	Revision int64
	Key      Key
	Old, New kind.Object

	departed *departed // nil for a creation
}

// departed is Old with the revision of the event, made for the first who wants it, one for all.
type departed struct {
	once   sync.Once
	object kind.Object
}

func newEvent(revision int64, key Key, old, updated kind.Object) Event {
	e := Event{Revision: revision, Key: key, Old: old, New: updated}
	if old != nil {
		e.departed = &departed{}
	}
	return e
}

// Deleted is the object as an event of type DELETED has it: as it was before, with the revision of what made it go. That
// is the deletion, or, for those who watch with a selector, a change after which the object is no longer selected. It is
// the same object at every call, nil for a creation.
func (e Event) Deleted() kind.Object {
	if e.departed == nil {
		return nil
	}
	e.departed.once.Do(func() {
		e.departed.object = e.Old.DeepCopyObject().(kind.Object)
		setRevision(e.departed.object, e.Revision)
	})
	return e.departed.object
}

func setRevision(object kind.Object, revision int64) {
	object.SetResourceVersion(strconv.FormatInt(revision, 10))
}
