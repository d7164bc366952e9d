package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/redact"
	"github.com/kubewright/kubewright/pkg/internal/text"
	"github.com/kubewright/kubewright/pkg/internal/watchcause"
	"github.com/kubewright/kubewright/pkg/rest/internal/codec"
	"github.com/kubewright/kubewright/pkg/rest/internal/frame"
)

// eventReader reads events off a stream.
type eventReader struct {
	frames   frame.Reader
	event    func(frame []byte) (eventType string, object []byte, err error)
	identity func(object []byte) identity
	decoder  runtime.Decoder
	shared   *text.Shared // strings of the objects
}

func newEventReader(c *content, resp *http.Response) (*eventReader, error) {
	contentType := resp.Header.Get(contentTypeHeader)
	decoder, mediaType, err := c.streamDecoder(contentType)
	if err != nil {
		return nil, fmt.Errorf("the server answered a watch with content type %q, which is no stream of events that this client can read: %w", contentType, err)
	}
	e := &eventReader{}
	switch mediaType {
	case runtime.ContentTypeJSON:
		e.frames, e.event = frame.NewJSON(resp.Body, maxFrameBytes), jsonEvent
		e.identity = jsonIdentity
	case runtime.ContentTypeProtobuf:
		e.frames, e.event = frame.NewLengthPrefixed(resp.Body, maxFrameBytes), protobufEvent
		e.identity = envelopedIdentity
	case runtime.ContentTypeCBOR:
		e.frames, e.event = frame.NewCBOR(resp.Body, maxFrameBytes), cborEvent
		e.identity = cborIdentity
	default:
		return nil, fmt.Errorf("the server answered a watch with content type %q, of which this client knows no framing", contentType)
	}
	e.shared = text.Borrow()
	e.decoder = codec.Sharing(decoder, e.shared)
	return e, nil
}

// close is called last.
func (e *eventReader) close() { e.shared.Return() }

// decodeError is an error about what a stream has in it, as opposed to one of reading it.
type decodeError struct{ err error }

func (d *decodeError) Error() string {
	return fmt.Sprintf("unable to decode an event from the watch stream: %v", d.err)
}

func (d *decodeError) Unwrap() error { return d.err }

// undecodableEventError is about an event that is whole, of an object that is known and cannot be decoded.
type undecodableEventError struct {
	typ watch.EventType
	*UndecodableError
}

func (u *undecodableEventError) object() watchcause.Object {
	return watchcause.Object{Event: u.typ, Namespace: u.Namespace, Name: u.Name, UID: u.UID, ResourceVersion: u.ResourceVersion}
}

// next returns the next event; io.EOF at the end of the stream, a *decodeError for what is no event, an
// *undecodableEventError, and any other error for a stream that broke. Only after an *undecodableEventError can it be called
// again.
func (e *eventReader) next() (watch.Event, error) {
	f, err := e.frames.Next()
	switch {
	case errors.Is(err, io.EOF):
		return watch.Event{}, io.EOF
	case errors.Is(err, frame.ErrTooLarge), errors.Is(err, frame.ErrNotAnObject), errors.Is(err, frame.ErrNotCBOR):
		return watch.Event{}, &decodeError{err}
	case err != nil:
		return watch.Event{}, fmt.Errorf("the watch stream broke: %w", err)
	}
	typ, raw, err := e.event(f)
	if err != nil {
		return watch.Event{}, &decodeError{err}
	}
	event := watch.Event{Type: watch.EventType(typ)}
	switch event.Type {
	case watch.Added, watch.Modified, watch.Deleted, watch.Bookmark, watch.Error:
	default:
		return watch.Event{}, &decodeError{fmt.Errorf("unknown event type %q", typ)}
	}
	if event.Object, _, err = e.decoder.Decode(raw, nil, nil); err != nil {
		u := &undecodableEventError{event.Type, undecodable(e.identity(raw), redact.ValueError(err))}
		if u.object().Valid() {
			return watch.Event{}, u
		}
		return watch.Event{}, &decodeError{fmt.Errorf("object of an event of type %s: %w", typ, redact.DecodeError(err))}
	}
	return event, nil
}

// jsonEvent takes a JSON metav1.WatchEvent apart.
func jsonEvent(f []byte) (string, []byte, error) {
	typ, object, err := frame.Event(f)
	if err != nil {
		return "", nil, err
	}
	return string(typ), object, nil
}

// protobufEvent takes a protobuf metav1.WatchEvent apart.
func protobufEvent(f []byte) (string, []byte, error) {
	if typ, object, ok := frame.ProtobufEvent(f); ok {
		return string(typ), object, nil
	}
	var e metav1.WatchEvent
	if err := e.Unmarshal(f); err != nil {
		return "", nil, err
	}
	return e.Type, e.Object.Raw, nil
}

// cborEvent takes a CBOR metav1.WatchEvent apart.
func cborEvent(f []byte) (string, []byte, error) {
	var e metav1.WatchEvent
	if err := direct.Unmarshal(f, &e); err != nil {
		return "", nil, err
	}
	return e.Type, e.Object.Raw, nil
}
