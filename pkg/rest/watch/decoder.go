package watch

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/redact"
)

// Decoder reads events off a stream. It implements watch.Decoder of apimachinery, so that watch.NewStreamWatcher can serve
// it. It is not safe for concurrent use, but Close may be called at any time.
type Decoder struct {
	events  streaming.Decoder
	objects runtime.Decoder
}

// NewDecoder returns a Decoder that reads events with decoder and their objects with embeddedDecoder.
func NewDecoder(decoder streaming.Decoder, embeddedDecoder runtime.Decoder) *Decoder {
	return &Decoder{events: decoder, objects: embeddedDecoder}
}

// Decode blocks until the next event is there. An error that comes from the stream is returned as it is (io.EOF at its end);
// others are about what is no event.
func (d *Decoder) Decode() (watch.EventType, runtime.Object, error) {
	var event metav1.WatchEvent
	got, _, err := d.events.Decode(nil, &event)
	if err != nil {
		return "", nil, err
	}
	if got != &event {
		return "", nil, fmt.Errorf("the watch stream has a %T where an event was expected", got)
	}
	typ := watch.EventType(event.Type)
	switch typ {
	case watch.Added, watch.Modified, watch.Deleted, watch.Bookmark, watch.Error:
	default:
		return "", nil, fmt.Errorf("the watch stream has an event of unknown type %q", event.Type)
	}
	obj, err := runtime.Decode(d.objects, event.Object.Raw)
	if err != nil {
		return "", nil, fmt.Errorf("unable to decode the object of a watch event of type %s: %w", typ, redact.DecodeError(err))
	}
	return typ, obj, nil
}

// Close closes the stream.
func (d *Decoder) Close() {
	_ = d.events.Close() // there is nobody who could do anything about an error
}
