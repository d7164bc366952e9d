package watch

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/watch"
)

// Encoder writes events to a stream. It is not safe for concurrent use.
type Encoder struct {
	events  streaming.Encoder
	objects runtime.Encoder
}

// NewEncoder returns an Encoder that writes events with encoder and their objects with embeddedEncoder.
func NewEncoder(encoder streaming.Encoder, embeddedEncoder runtime.Encoder) *Encoder {
	return &Encoder{events: encoder, objects: embeddedEncoder}
}

// Encode writes an event.
func (e *Encoder) Encode(event *watch.Event) error {
	data, err := runtime.Encode(e.objects, event.Object)
	if err != nil {
		return fmt.Errorf("unable to encode the object of a watch event of type %s: %w", event.Type, err)
	}
	return e.events.Encode(&metav1.WatchEvent{Type: string(event.Type), Object: runtime.RawExtension{Raw: data}})
}
