package codec

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// Sharing returns a decoder that does what d does, and lets the objects that it decodes have the strings of shared. It must
// not be used by two goroutines at once. If d is not a decoder of this package, it is d.
func Sharing(d runtime.Decoder, shared *text.Shared) runtime.Decoder {
	switch d := d.(type) {
	case runtime.WithoutVersionDecoder:
		return runtime.WithoutVersionDecoder{Decoder: Sharing(d.Decoder, shared)}
	case sharer:
		return sharing{d, shared}
	}
	return d
}

// sharer is a serializer that can share strings between objects.
type sharer interface {
	decodeSharing(data []byte, defaults *schema.GroupVersionKind, into runtime.Object, shared *text.Shared) (runtime.Object, *schema.GroupVersionKind, error)
}

type sharing struct {
	by     sharer
	shared *text.Shared
}

func (s sharing) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	return s.by.decodeSharing(data, defaults, into, s.shared)
}
