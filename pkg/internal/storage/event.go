package storage

import (
	"strconv"
	"sync"

	apiwatch "k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Event is one write: a creation if Old is nil, a deletion if New is nil, else a change. Events and their objects must
// not be modified.
type Event struct {
	Revision int64
	Key      Key
	Old, New apiobject.Object

	departed *departed // nil for a creation
	kept     bool      // objects keep their resourceVersion
}

// departed is Old with the revision of the event, made for the first who wants it, one for all.
type departed struct {
	once   sync.Once
	object apiobject.Object
}

func newEvent(revision int64, key Key, old, updated apiobject.Object, stamp bool) Event {
	e := Event{Revision: revision, Key: key, Old: old, New: updated, kept: !stamp}
	if old != nil {
		e.departed = &departed{}
	}
	return e
}

// Deleted is the object as an event of type DELETED has it: as it was before, with the revision of what made it go. That
// is the deletion, or, for those who watch with a selector, a change after which the object is no longer selected. It is
// the same object at every call, nil for a creation. After Store.Keep it is Old.
func (e Event) Deleted() apiobject.Object {
	if e.departed == nil {
		return nil
	}
	if e.kept {
		return e.Old
	}
	e.departed.once.Do(func() {
		e.departed.object = e.Old.DeepCopyObject().(apiobject.Object)
		setRevision(e.departed.object, e.Revision)
	})
	return e.departed.object
}

// Seen says what an event is to those who see only what is selected: an object that begins to be selected is added to them,
// one that no longer is deleted. It is "" if they see nothing of the event.
func (e Event) Seen(selects func(apiobject.Object) bool) (apiwatch.EventType, apiobject.Object) {
	before, after := e.Old != nil && selects(e.Old), e.New != nil && selects(e.New)
	switch {
	case before && after:
		return apiwatch.Modified, e.New
	case after:
		return apiwatch.Added, e.New
	case before:
		return apiwatch.Deleted, e.Deleted()
	default:
		return "", nil
	}
}

func setRevision(object apiobject.Object, revision int64) {
	object.SetResourceVersion(strconv.FormatInt(revision, 10))
}
