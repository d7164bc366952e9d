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
		events = s.recorded.of(key)
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
	return slices.Clone(s.recorded.events)
}

// journal is events in their order. Those of a key are linked, so that they are found among millions.
type journal struct {
	events []Event
	before []uint32       // by the place of an event: the place behind the event of the same key before it; 0 if that is the first
	last   map[Key]uint32 // the place behind the last event of a key
}

func (j *journal) append(e Event) {
	if j.last == nil {
		j.last = map[Key]uint32{}
	}
	j.events, j.before = append(j.events, e), append(j.before, j.last[e.Key])
	j.last[e.Key] = uint32(len(j.events))
}

// of returns the events of a key.
func (j *journal) of(key Key) (events []Event) {
	for behind := j.last[key]; behind != 0; behind = j.before[behind-1] {
		events = append(events, j.events[behind-1])
	}
	slices.Reverse(events)
	return events
}
