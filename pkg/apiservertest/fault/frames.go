package fault

import (
	"encoding/binary"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

// Frame makes a frame to be sent at an event of a watch; at the begin of one, the event is empty.
type Frame func(s *Stream, at Event) []byte

func (s *Stream) encode(eventType string, raw []byte) []byte {
	return must(frame.Encode(s.media, metav1.WatchEvent{Type: eventType, Object: runtime.RawExtension{Raw: raw}}))
}

// kind is that of the objects of the watch, as far as it is known.
func (s *Stream) kind() metav1.TypeMeta {
	if kind := s.Exchange.kind(); kind.Kind != "" {
		return kind
	}
	return s.last.Object.TypeMeta
}

// Raw is a frame of any bytes.
func Raw(b []byte) Frame { return func(*Stream, Event) []byte { return b } }

// Claim is the begin of a frame that claims a size, which only protobuf can: other streams get the begin of an object.
func Claim(size uint32) Frame {
	return func(s *Stream, _ Event) []byte {
		if s.media == frame.Protobuf {
			return binary.BigEndian.AppendUint32(nil, size)
		}
		return map[frame.Media][]byte{frame.JSON: []byte(`{"type":`), frame.CBOR: {0xba, 0xff, 0xff, 0xff, 0xff}}[s.media]
	}
}

// Bookmark is a bookmark at a version, that of the event for "". With initialEventsEnd it says that all initial events
// were sent.
func Bookmark(resourceVersion string, initialEventsEnd bool) Frame {
	return func(s *Stream, at Event) []byte {
		b := &metav1.PartialObjectMetadata{TypeMeta: s.kind()}
		b.ResourceVersion = resourceVersion
		if b.ResourceVersion == "" {
			b.ResourceVersion = at.Object.ResourceVersion
		}
		if initialEventsEnd {
			b.Annotations = map[string]string{metav1.InitialEventsAnnotationKey: "true"}
		}
		return s.encode("BOOKMARK", must(frame.Bytes(s.media, b)))
	}
}

// StatusEvent is an event with a Status in place of the object: of type ERROR, as kube-apiserver sends it, or of another.
func StatusEvent(eventType string, status metav1.Status) Frame {
	status.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}
	return func(s *Stream, _ Event) []byte {
		return s.encode(eventType, must(frame.Bytes(s.media, &status)))
	}
}

// Expired is the event that ends a watch whose history was compacted.
func Expired() Frame {
	return StatusEvent("ERROR", metav1.Status{
		Status: metav1.StatusFailure, Message: "The resourceVersion for the provided watch is too old.",
		Reason: metav1.StatusReasonExpired, Code: 410,
	})
}

// Retyped is the event with another type, be it one that nobody knows.
func Retyped(eventType string) Frame {
	return func(s *Stream, at Event) []byte { return s.encode(eventType, at.raw) }
}

// Inflated is the event with nothing but the metadata of its object, and an annotation of size bytes.
func Inflated(size int) Frame {
	return func(s *Stream, at Event) []byte {
		object := at.Object.DeepCopy()
		metav1.SetMetaDataAnnotation(&object.ObjectMeta, "apiservertest.kubewright.dev/padding", strings.Repeat("x", size))
		return s.encode(at.Type, must(frame.Bytes(s.media, object)))
	}
}

// Poisoned is the event with an object that no client can use.
func Poisoned(p Poison) Frame {
	return func(s *Stream, at Event) []byte { return s.encode(at.Type, p.raw(s.media, at.Object)) }
}
