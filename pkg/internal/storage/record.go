package storage

import (
	"slices"
)

// History returns what happened to an object, the oldest first, for those who check what others have seen of it. It is
// all that ever happened if Options.Record is set: after a Reset events with lower revisions follow those with higher
// ones that it took back. Otherwise it is what is neither compacted nor taken back.
func (s *Store) History(key Key) []Event {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var events []Event
	if s.record {
		for _, e := range s.recorded {
			if e.Key == key {
				events = append(events, e)
			}
		}
	} else if h := s.histories[key.Resource]; h != nil {
		for _, r := range h.records {
			if r.Key == key {
				events = append(events, r.Event)
			}
		}
	}
	return events
}

// Recorded returns all that ever happened to all objects, as History does to one, if Options.Record is set; else nothing.
func (s *Store) Recorded() []Event {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.recorded)
}
