package codec

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// protobufSerializer is a protobuf serializer that decodes without copying the message out of its envelope first, and with a
// decoder of our own. It is safe for concurrent use.
type protobufSerializer struct {
	*protobuf.Serializer
	learned
}

// message is implemented by types that have a protobuf representation.
type message interface {
	runtime.Object
	Reset()
	Unmarshal(data []byte) error
}

// Decode decodes data. See protobuf.Serializer.
func (s *protobufSerializer) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	return s.decodeSharing(data, defaults, into, nil)
}

func (s *protobufSerializer) decodeSharing(data []byte, defaults *schema.GroupVersionKind, into runtime.Object, shared *text.Shared) (runtime.Object, *schema.GroupVersionKind, error) {
	fresh := into == nil
	if e, ok := openEnvelope(data); ok {
		target := into
		if fresh {
			target = s.fresh(e.apiVersion, e.kind)
		}
		if gvk, ok := s.decode(e, target, shared); ok {
			return target, gvk, nil
		}
	}
	obj, gvk, err := s.Serializer.Decode(data, defaults, into)
	if err == nil && (fresh || obj == into) {
		s.learn(obj, *gvk, fresh)
	}
	return obj, gvk, err
}

// decode decodes a message into target if both are known to be of the same kind.
func (s *protobufSerializer) decode(e envelope, target runtime.Object, shared *text.Shared) (*schema.GroupVersionKind, bool) {
	known := s.kindOf(target)
	if known == nil || string(e.kind) != known.Kind || string(e.apiVersion) != known.GroupVersion().String() {
		return nil, false
	}
	m, ok := target.(message)
	if !ok {
		return nil, false
	}
	m.Reset()
	if UnmarshalProtobuf(e.raw, m, shared) != nil {
		return nil, false
	}
	gvk := *known
	m.GetObjectKind().SetGroupVersionKind(gvk)
	return &gvk, true
}

// envelope is a runtime.Unknown, whose parts are parts of the document.
type envelope struct {
	apiVersion, kind []byte
	raw              []byte
}

// openEnvelope takes a document apart if its envelope is as usual: each field once, and a message that is not encoded in some
// other way.
func openEnvelope(data []byte) (e envelope, ok bool) {
	const typeMeta, raw, contentEncoding, contentType = 1, 2, 3, 4
	data, ok = bytes.CutPrefix(data, []byte("k8s\x00"))
	if !ok {
		return e, false
	}
	fields, ok := bytesFields(data, contentType)
	if !ok || fields[raw] == nil || len(fields[contentEncoding]) > 0 || len(fields[contentType]) > 0 {
		return e, false
	}
	const apiVersion, kind = 1, 2
	meta, ok := bytesFields(fields[typeMeta], kind)
	return envelope{apiVersion: meta[apiVersion], kind: meta[kind], raw: fields[raw]}, ok
}

// maxField is the highest number of a field that bytesFields is asked for.
const maxField = 4

// bytesFields returns the fields of a message, by number, which must all be strings, bytes or messages with numbers up to last
// that occur at most once.
func bytesFields(message []byte, last protowire.Number) (fields [maxField + 1][]byte, ok bool) {
	for len(message) > 0 {
		number, wire, n := protowire.ConsumeTag(message)
		if n < 0 || wire != protowire.BytesType || number > last || fields[number] != nil {
			return fields, false
		}
		message = message[n:]
		value, n := protowire.ConsumeBytes(message)
		if n < 0 {
			return fields, false
		}
		fields[number] = value[:len(value):len(value)]
		message = message[n:]
	}
	return fields, true
}
