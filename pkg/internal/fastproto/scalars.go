package fastproto

import (
	"reflect"
	"unsafe"
)

// sizedBy decodes what stands behind its length.
func sizedBy(decode valueFunc) decodeFunc {
	return func(d *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
		value, rest, ok := sized(data)
		return rest, ok && decode(d, p, value)
	}
}

func decodeString(d *decoder, p unsafe.Pointer, data []byte) bool {
	*(*string)(p) = d.string(data)
	return true
}

func (d *decoder) string(data []byte) string { return d.text.String(data, cap(data)) }

// decodeBytes leaves what is empty empty, not nil.
func decodeBytes(_ *decoder, p unsafe.Pointer, data []byte) bool {
	*(*[]byte)(p) = append(make([]byte, 0, len(data)), data...)
	return true
}

// planVarint plans a field with numbers or truth values; nil if it is not understood.
func planVarint(t reflect.Type, tag uint64) decodeFunc {
	if one := varintOf(t); one != nil {
		return one
	}
	switch t.Kind() {
	case reflect.Pointer:
		if one := varintOf(t.Elem()); one != nil {
			return func(d *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
				target := reflect.New(t.Elem()).UnsafePointer()
				*(*unsafe.Pointer)(p) = target
				return one(d, target, data)
			}
		}
	case reflect.Slice:
		if one := varintOf(t.Elem()); one != nil {
			return (&slicePlan{typ: t, size: t.Elem().Size(), decode1: one, tag: tag}).decode
		}
	}
	return nil
}

func varintOf(t reflect.Type) decodeFunc {
	switch t.Kind() {
	case reflect.Bool:
		return decodeBool
	case reflect.Int32:
		return decodeInt[int32]
	case reflect.Int64:
		return decodeInt[int64]
	case reflect.Uint32:
		return decodeInt[uint32]
	case reflect.Uint64:
		return decodeInt[uint64]
	}
	return nil
}

func decodeBool(_ *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
	n, rest, ok := varint(data)
	*(*bool)(p) = n != 0
	return rest, ok
}

// decodeInt keeps the lower bits of a number that is too large, as the generated methods do.
func decodeInt[T int32 | int64 | uint32 | uint64](_ *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
	n, rest, ok := varint(data)
	*(*T)(p) = T(n)
	return rest, ok
}
