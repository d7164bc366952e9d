package fastproto

import (
	"reflect"
	"sync"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// Message is implemented by types that have a protobuf representation.
type Message interface{ Unmarshal(data []byte) error }

// Unmarshal decodes data into what the pointer into is for, which has to be its type's zero value, and reports whether it
// did. If it did not, the value is zero again. Nothing refers to data afterwards. Strings that shared has may be those of other
// values, too; it may be nil.
func Unmarshal(data []byte, into Message, shared *text.Shared) bool {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	target := v.Elem()
	if !target.IsZero() {
		return false
	}
	d := decoders.Get().(*decoder)
	d.text.Shared = shared
	ok := planFor(target.Type()).decode(d, v.UnsafePointer(), data[:len(data):len(data)])
	*d = decoder{}
	decoders.Put(d)
	if !ok {
		target.SetZero()
	}
	return ok
}

// decoder decodes one document. Its methods, and all decode functions, return false for what is not protobuf, and for what is
// left to the type's own method. What they get of the document reaches to the end of that with its capacity.
type decoder struct {
	depth int
	text  text.Maker
}

// decoders keeps decoders from being allocated for each document.
var decoders = sync.Pool{New: func() any { return new(decoder) }}

// maxDepth bounds nesting, and so the stack.
const maxDepth = 1000
