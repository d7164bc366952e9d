package storage

import (
	"fmt"
	"math"
	"strconv"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Update is the one way to write: a transaction on one key. The function update gets the object that is stored, nil if
// there is none, and returns the one that shall be: nil to delete it, the very same to leave all as it is. Any other
// object has to be new, with namespace and name of the key; it belongs to the store, which sets its resourceVersion to the
// next revision. An error of update is returned as it is, and nothing is written.
//
// No other write happens while update runs; it may therefore read the store, and rely on what it reads. It must not write
// to the store, nor block.
//
// The result is the object as it is stored; after a deletion a copy of the deleted one with the revision of the
// deletion; nil if there was nothing to delete.
func (s *Store) Update(key Key, update func(current apiobject.Object) (apiobject.Object, error)) (stored apiobject.Object, err error) {
	return s.write(key, true, update)
}

// Keep is Update for an object that keeps the resourceVersion that it comes with, whatever that is, also when it is deleted
// or no longer selected. If it is the number of a revision that has not come yet, then the event gets that revision: no
// object has a higher version than the store, unless it is beyond maxKept.
func (s *Store) Keep(key Key, update func(current apiobject.Object) (apiobject.Object, error)) (stored apiobject.Object, err error) {
	return s.write(key, false, update)
}

// maxKept leaves enough revisions for all writes that may follow one to an object with a huge version.
const maxKept = math.MaxInt64 / 2

func (s *Store) write(key Key, stamp bool, update func(current apiobject.Object) (apiobject.Object, error)) (stored apiobject.Object, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.isClosed() {
		return nil, ErrClosed
	}
	current, _ := s.Get(key)
	next, err := update(current)
	if err != nil {
		return nil, err
	}
	if next == current {
		return current, nil
	}
	event := newEvent(s.Revision()+1, key, current, next, stamp)
	if next == nil {
		s.commit(event)
		return event.Deleted(), nil
	}
	if next.GetNamespace() != key.Namespace || next.GetName() != key.Name {
		return nil, fmt.Errorf("object with namespace %q and name %q cannot be stored as %s: they have to be equal", next.GetNamespace(), next.GetName(), key)
	}
	if stamp {
		setRevision(next, event.Revision)
	} else if version, err := strconv.ParseInt(next.GetResourceVersion(), 10, 64); err == nil && version <= maxKept {
		event.Revision = max(event.Revision, version)
	}
	s.commit(event)
	return next, nil
}

func (s *Store) isClosed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.closed
}

// commit makes an event happen. The caller holds writing.
func (s *Store) commit(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision = e.Revision
	s.history(e.Key.Resource).append(e)
	if s.record {
		s.recorded.append(e)
	}
	s.forgetOld()
}
