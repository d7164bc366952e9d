package fault

import (
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

// Event is one that the server sends to a watch.
type Event struct {
	Type string
	// Object is what identifies the object: kind, namespace, name, uid, version and annotations.
	Object metav1.PartialObjectMetadata
	// Frame is the event as it goes over the wire.
	Frame []byte

	raw []byte // the object alone
}

// Stream is the answer of a watch under an effect. It is for the goroutine of the request.
type Stream struct {
	*Exchange
	media   frame.Media
	breaker *breaker
	last    Event // the newest that could be read
}

// Send sends frames to the client. An error says that the watch is over, and is to be returned.
func (s *Stream) Send(frames ...[]byte) error {
	for _, f := range frames {
		if s.breaker.broken {
			return errBroken
		}
		if _, err := s.Writer.Write(f); err != nil {
			return err
		}
	}
	return nil
}

// Stop breaks the watch off behind what was sent. The error is to be returned.
func (s *Stream) Stop(end End) error { return s.breaker.off(end) }

// event reads a frame.
func (s *Stream) event(b []byte) Event {
	e := Event{Frame: b}
	decoded, err := frame.Decode(s.media, b)
	if err != nil {
		return e // of no type: it passes as it is
	}
	e.Type, e.raw = decoded.Type, decoded.Object.Raw
	if object, err := frame.Object(s.media, e.raw); err == nil {
		e.Object = *object
		s.last = e
	}
	return e
}

// Editor takes the events of one watch, in order, and sends what the client shall get. Either function may be nil.
type Editor struct {
	// Begin is called when the header was sent.
	Begin func() error
	// Each is called for each event; nil sends it as it is.
	Each func(Event) error
	// End is called when the server has ended the watch, and nothing has broken it off.
	End func() error
}

// EditWatch puts an editor of its own into each watch that begins well. Other answers pass as they are.
func EditWatch(edit func(*Stream) Editor) Effect {
	return func(x *Exchange) {
		x.breakable(func(b *breaker, r *http.Request) {
			r.Header = r.Header.Clone()
			r.Header.Del("Accept-Encoding")
			e := &watchEdit{stream: &Stream{Exchange: x, breaker: b}, edit: edit}
			w := &tap{ResponseWriter: x.Writer, head: e.head, write: e.write, after: e.after}
			x.next(w, r)
			e.done()
		})
	}
}

// EachEvent lets each decide about each event of watches.
func EachEvent(each func(*Stream, Event) error) Effect {
	return EditWatch(func(s *Stream) Editor {
		return Editor{Each: func(e Event) error { return each(s, e) }}
	})
}

// watchEdit joins an editor to what the server writes.
type watchEdit struct {
	stream   *Stream
	edit     func(*Stream) Editor
	editor   Editor
	splitter *frame.Splitter // nil for what is no watch
	begun    bool
}

func (w *watchEdit) head(code int) {
	h := w.stream.Writer.Header()
	media, ok := frame.MediaOf(h.Get("Content-Type"))
	if w.stream.Info.Verb != "watch" || code != http.StatusOK || !ok || h.Get("Content-Encoding") != "" {
		return
	}
	h.Del("Content-Length")
	w.stream.media, w.splitter = media, frame.NewSplitter(media)
	w.editor = w.edit(w.stream)
	if w.editor.Each == nil {
		w.editor.Each = func(e Event) error { return w.stream.Send(e.Frame) }
	}
}

// after runs when the header, or more, was sent.
func (w *watchEdit) after() {
	if w.begun || w.splitter == nil {
		return
	}
	w.begun = true
	if w.editor.Begin != nil && w.editor.Begin() == nil {
		_ = http.NewResponseController(w.stream.Writer).Flush() // a client that is gone misses nothing
	}
}

func (w *watchEdit) write(p []byte) (int, error) {
	if w.splitter == nil {
		return w.stream.Writer.Write(p)
	}
	w.after() // Begin comes before the first event, too, if the server does not flush the header
	if w.stream.breaker.broken {
		return 0, errBroken
	}
	err := w.splitter.Write(p, func(b []byte) error { return w.editor.Each(w.stream.event(b)) })
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// done sends what is left, when the server has written all that it has to.
func (w *watchEdit) done() {
	if w.splitter == nil || w.stream.breaker.broken {
		return
	}
	if w.editor.End != nil && w.editor.End() != nil {
		return
	}
	_ = w.stream.Send(w.splitter.Rest()) // a client that is gone misses nothing
}
