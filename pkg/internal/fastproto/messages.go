package fastproto

import (
	"reflect"
	"unsafe"
)

// plan decodes messages into values of one type.
type plan struct {
	// own is set if the type is not understood: it decodes itself.
	own    valueFunc
	fields []field // by number
}

// field is a field that a message may have. One that is not known has no decode.
type field struct {
	tag    uint64 // number and wire type
	offset uintptr
	decode decodeFunc
}

// decodeFunc decodes a field, or all that follow one another if it is repeated, into the memory at p, which is zero. data
// begins behind the tag of the first; what is left of it is returned.
type decodeFunc func(d *decoder, p unsafe.Pointer, data []byte) (rest []byte, ok bool)

// valueFunc decodes a value whose encoding is data into the memory at p, which is zero.
type valueFunc func(d *decoder, p unsafe.Pointer, data []byte) bool

func (m *plan) decode(d *decoder, p unsafe.Pointer, data []byte) bool {
	if m.own != nil {
		return m.own(d, p, data)
	}
	if d.depth == maxDepth {
		return false
	}
	d.depth++
	last := uint64(0)
	for len(data) > 0 {
		tag, rest, ok := varint(data)
		number := tag >> wireBits
		if !ok || number == 0 || number > maxNumber {
			return false
		}
		if number >= uint64(len(m.fields)) || m.fields[number].decode == nil {
			if data, ok = skip(rest, tag&wireMask); !ok {
				return false
			}
			continue
		}
		f := &m.fields[number]
		if tag != f.tag || number <= last {
			return false
		}
		last = number
		if data, ok = f.decode(d, unsafe.Add(p, f.offset), rest); !ok {
			return false
		}
	}
	d.depth--
	return true
}

// byItself decodes with the method of t.
func byItself(t reflect.Type) valueFunc {
	return func(_ *decoder, p unsafe.Pointer, data []byte) bool {
		return reflect.NewAt(t, p).Interface().(Message).Unmarshal(data[:len(data):len(data)]) == nil
	}
}

// notNil decodes a slice that is a message of its own, which is empty if the message is.
func notNil(t reflect.Type, decode valueFunc) valueFunc {
	empty := reflect.MakeSlice(t, 0, 0)
	return func(d *decoder, p unsafe.Pointer, data []byte) bool {
		reflect.NewAt(t, p).Elem().Set(empty)
		return decode(d, p, data)
	}
}

func pointerTo(elem reflect.Type, decode valueFunc) valueFunc {
	return func(d *decoder, p unsafe.Pointer, data []byte) bool {
		target := reflect.New(elem).UnsafePointer()
		*(*unsafe.Pointer)(p) = target
		return decode(d, target, data)
	}
}
