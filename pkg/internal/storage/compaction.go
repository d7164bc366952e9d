package storage

// Compact forgets what happened up to a revision. Objects can be read as they were at that revision, and watched from
// it on, but not from before. A watch that has not seen everything of its resource up to there ends with ErrCompacted. A
// *FutureError is returned if the revision has not come yet; what is compacted already stays so.
func (s *Store) Compact(revision int64) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if revision > s.revision {
		return &FutureError{Requested: revision, Current: s.revision}
	}
	s.compact(revision)
	return nil
}

// forgetOld compacts what is more than Options.KeepEvents events old. The caller holds mu for writing, and has just added one.
func (s *Store) forgetOld() {
	if s.keep == 0 {
		return
	}
	s.latest = append(s.latest, s.revision)
	if len(s.latest) > s.keep {
		s.compact(s.latest[0])
		s.latest = s.latest[1:]
	}
}

// compact is Compact for those who hold mu for writing.
func (s *Store) compact(revision int64) {
	if revision <= s.compacted {
		return
	}
	s.compacted = revision
	for _, h := range s.histories {
		h.forget(revision)
	}
}
