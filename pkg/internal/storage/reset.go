package storage

import (
	"slices"
	"sort"
)

// Reset takes the store back to a revision, as a backup does that is restored: the objects are those of that time, what
// happened since has not happened, and the next write gets a revision that there was before. All watches end with
// ErrClosed, even if the revision is the newest one and nothing else changes. The revision must be readable: a
// *CompactedError or a *FutureError is returned if it is not, ErrClosed if the store is closed.
func (s *Store) Reset(revision int64) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if err := s.readable(revision); err != nil {
		return err
	}
	for _, h := range s.histories {
		h.rewind(revision)
	}
	if kept := sort.Search(len(s.latest), func(i int) bool { return s.latest[i] > revision }); kept < len(s.latest) {
		s.latest = slices.Clone(s.latest[:kept])
	}
	s.revision = revision
	s.endEra()
	return nil
}

// readable returns why a revision is not. The caller holds mu.
func (s *Store) readable(revision int64) error {
	switch {
	case revision < s.compacted:
		return &CompactedError{Requested: revision, Compacted: s.compacted}
	case revision > s.revision:
		return &FutureError{Requested: revision, Current: s.revision}
	}
	return nil
}
