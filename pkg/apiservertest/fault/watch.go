package fault

import (
	"slices"
)

// Events selects events of a watch, and counts anew in each. What is not set selects all.
type Events struct {
	// Types are some of ADDED, MODIFIED, DELETED, BOOKMARK and ERROR.
	Types           []string
	Namespace, Name string
	// Skip is how many events that match pass unharmed before the first that is meant, and Times how many are meant; 0
	// for all.
	Skip, Times int
	// Where decides about events that all else selects; nil for all.
	Where func(Event) bool
}

// selector returns a function that is to be asked about each event once.
func (sel Events) selector() func(Event) bool {
	matched := 0
	return func(e Event) bool {
		if len(sel.Types) > 0 && !slices.Contains(sel.Types, e.Type) ||
			sel.Namespace != "" && sel.Namespace != e.Object.Namespace ||
			sel.Name != "" && sel.Name != e.Object.Name ||
			sel.Where != nil && !sel.Where(e) {
			return false
		}
		matched++
		return matched > sel.Skip && (sel.Times == 0 || matched <= sel.Skip+sel.Times)
	}
}

// at does something at the events that are meant; the others pass.
func (sel Events) at(do func(*Stream, Event) error) Effect {
	return EditWatch(func(s *Stream) Editor {
		meant := sel.selector()
		return Editor{Each: func(e Event) error {
			if meant(e) {
				return do(s, e)
			}
			return s.Send(e.Frame)
		}}
	})
}

// Drop loses events. Losing those of type BOOKMARK makes a watch without bookmarks.
func Drop(events Events) Effect {
	return events.at(func(*Stream, Event) error { return nil })
}

// Duplicate sends events as often again.
func Duplicate(events Events, again int) Effect {
	return events.at(func(s *Stream, e Event) error { return s.Send(slices.Repeat([][]byte{e.Frame}, 1+again)...) })
}

// Replace sends frames in place of events.
func Replace(events Events, frames ...Frame) Effect {
	return events.at(func(s *Stream, e Event) error { return s.Send(s.make(e, frames)...) })
}

// InsertBefore sends frames before events.
func InsertBefore(events Events, frames ...Frame) Effect {
	return events.at(func(s *Stream, e Event) error { return s.Send(append(s.make(e, frames), e.Frame)...) })
}

// InsertAfter sends frames behind events.
func InsertAfter(events Events, frames ...Frame) Effect {
	return events.at(func(s *Stream, e Event) error { return s.Send(append([][]byte{e.Frame}, s.make(e, frames)...)...) })
}

// InsertFirst sends frames at the begin of watches, before there is an event.
func InsertFirst(frames ...Frame) Effect {
	return EditWatch(func(s *Stream) Editor {
		return Editor{Begin: func() error { return s.Send(s.make(Event{}, frames)...) }}
	})
}

func (s *Stream) make(at Event, frames []Frame) [][]byte {
	made := make([][]byte, 0, len(frames)+1)
	for _, f := range frames {
		made = append(made, f(s, at))
	}
	return made
}

// Replay sends, behind each of the events that are meant, up to n events again that came before it: a replica that lags.
func Replay(events Events, n int) Effect {
	return EditWatch(func(s *Stream) Editor {
		meant := events.selector()
		var before [][]byte
		return Editor{Each: func(e Event) error {
			frames := [][]byte{e.Frame}
			if meant(e) {
				frames = append(frames, before...)
			}
			before = append(before, e.Frame)
			before = slices.Clone(before[max(0, len(before)-n):])
			return s.Send(frames...)
		}}
	})
}

// Lag holds back the newest n of the events that are meant, until as many more have come or the server ends the watch.
// The others overtake them.
func Lag(events Events, n int) Effect {
	return hold(events, n, func(_ *Stream, held [][]byte) (send, keep [][]byte) { return held[:1], held[1:] })
}

// Reorder collects n of the events that are meant, and sends them in another order, chosen at random. The others overtake
// them. What is collected when the server ends the watch is sent then.
func Reorder(events Events, n int) Effect {
	return hold(events, n-1, func(s *Stream, held [][]byte) (send, keep [][]byte) {
		order := s.Rand.Perm(len(held))
		if slices.IsSorted(order) { // which would change nothing
			slices.Reverse(order)
		}
		for _, i := range order {
			send = append(send, held[i])
		}
		return send, nil
	})
}

// hold keeps events; when there are more than n, release says which are sent, and which are kept on.
func hold(events Events, n int, release func(s *Stream, held [][]byte) (send, keep [][]byte)) Effect {
	return EditWatch(func(s *Stream) Editor {
		meant := events.selector()
		var held [][]byte
		return Editor{
			Each: func(e Event) error {
				if !meant(e) {
					return s.Send(e.Frame)
				}
				held = append(held, e.Frame)
				if len(held) <= n {
					return nil
				}
				var send [][]byte
				send, held = release(s, held)
				return s.Send(send...)
			},
			End: func() error { return s.Send(held...) },
		}
	})
}

// StopBefore ends watches before the first event that is meant. With Silence they send nothing more, whatever their
// timeoutSeconds.
func StopBefore(events Events, end End) Effect {
	return events.at(func(s *Stream, _ Event) error { return s.Stop(end) })
}

// StopAfter ends watches behind the first event that is meant, and frames to be sent after it.
func StopAfter(events Events, end End, frames ...Frame) Effect {
	return events.at(func(s *Stream, e Event) error {
		if err := s.Send(append([][]byte{e.Frame}, s.make(e, frames)...)...); err != nil {
			return err
		}
		return s.Stop(end)
	})
}

// StopWithin ends watches within the first event that is meant, behind n bytes of its frame.
func StopWithin(events Events, n int, end End) Effect {
	return events.at(func(s *Stream, e Event) error {
		if err := s.Send(e.Frame[:min(n, len(e.Frame))]); err != nil {
			return err
		}
		return s.Stop(end)
	})
}

// Silent accepts watches, and sends nothing but the header, whatever their timeoutSeconds.
func Silent() Effect {
	return EditWatch(func(s *Stream) Editor {
		return Editor{Begin: func() error { return s.Stop(Silence) }}
	})
}
