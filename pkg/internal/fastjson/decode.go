package fastjson

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// Unmarshal decodes data into what the pointer into is for, which has to be its type's zero value, and reports whether it
// did. If it did not, the value is zero again. Nothing refers to data afterwards. Strings that shared has may be those of other
// values, too; it may be nil.
func Unmarshal(data []byte, into any, shared *text.Shared) bool {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	target := v.Elem()
	if !target.IsZero() {
		return false
	}
	d := decoders.Get().(*decoder)
	d.data, d.text.Shared = data, shared
	ok := planFor(target.Type())(d, v.UnsafePointer()) && d.atEnd()
	*d = decoder{unescaped: d.unescaped[:0]}
	decoders.Put(d)
	if !ok {
		target.SetZero()
	}
	return ok
}

// TypeMeta returns what the first two members of the object in data say, if they are its kind and apiVersion; that is where
// API servers put them. The results are parts of data.
func TypeMeta(data []byte) (apiVersion, kind []byte, ok bool) {
	d := decoder{data: data}
	if !d.open('{') {
		return nil, nil, false
	}
	for range 2 {
		key, ok := d.key()
		if !ok || d.peek() != '"' {
			return nil, nil, false
		}
		value, plain, ok := d.quoted()
		if !ok || !plain {
			return nil, nil, false
		}
		switch string(key) {
		case "apiVersion":
			apiVersion = value
		case "kind":
			kind = value
		}
		d.separator('}')
	}
	return apiVersion, kind, len(apiVersion) > 0 && len(kind) > 0
}

// decodeFunc decodes the next value into the memory at p, which is zero, and reports whether it did.
type decodeFunc func(d *decoder, p unsafe.Pointer) bool

// decoder reads one document. Its methods return false for what is not JSON, and for what is left to another decoder.
type decoder struct {
	data      []byte
	pos       int
	depth     int
	text      text.Maker
	unescaped []byte // where a string with escapes is put together
}

// decoders keeps decoders from being allocated for each document.
var decoders = sync.Pool{New: func() any { return new(decoder) }}

// maxDepth bounds nesting, and so the stack.
const maxDepth = 1000
