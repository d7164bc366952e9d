package fastjson

import (
	"encoding/base64"
	"strconv"
	"time"
	"unsafe"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// view returns b as a string that must not outlive it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func decodeBool(d *decoder, p unsafe.Pointer) bool {
	switch d.peek() {
	case 't':
		*(*bool)(p) = true
		return d.literal("true")
	case 'f':
		return d.literal("false")
	}
	return d.null()
}

func decodeString(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	s, ok := d.string()
	*(*string)(p) = s
	return ok
}

func decodeInt[T int | int8 | int16 | int32 | int64](d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	digits, whole, ok := d.number()
	if !ok || !whole {
		return false
	}
	n, err := strconv.ParseInt(view(digits), 10, int(8*unsafe.Sizeof(T(0))))
	*(*T)(p) = T(n)
	return err == nil
}

func decodeUint[T uint | uint8 | uint16 | uint32 | uint64](d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	digits, whole, ok := d.number()
	if !ok || !whole {
		return false
	}
	n, err := strconv.ParseUint(view(digits), 10, int(8*unsafe.Sizeof(T(0))))
	*(*T)(p) = T(n)
	return err == nil
}

func decodeFloat[T float32 | float64](d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	digits, _, ok := d.number()
	if !ok {
		return false
	}
	n, err := strconv.ParseFloat(view(digits), int(8*unsafe.Sizeof(T(0))))
	*(*T)(p) = T(n)
	return err == nil
}

// decodeBytes decodes base64.
func decodeBytes(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	if d.peek() != '"' {
		return false // an array of numbers
	}
	text, plain, ok := d.quoted()
	if !ok || !plain {
		return false
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(out, text)
	*(*[]byte)(p) = out[:n]
	return err == nil
}

// decodeIntOrString does what the type's UnmarshalJSON does, without a decoder of its own.
func decodeIntOrString(d *decoder, p unsafe.Pointer) bool {
	v := (*intstr.IntOrString)(p)
	if d.peek() != '"' {
		return decodeInt[int32](d, unsafe.Pointer(&v.IntVal))
	}
	v.Type = intstr.String
	return decodeString(d, unsafe.Pointer(&v.StrVal))
}

// decodeTime and decodeMicroTime do what the types' UnmarshalJSON do, without a decoder of their own.
func decodeTime(d *decoder, p unsafe.Pointer) bool {
	return d.time(time.RFC3339, &(*metav1.Time)(p).Time)
}

func decodeMicroTime(d *decoder, p unsafe.Pointer) bool {
	return d.time(metav1.RFC3339Micro, &(*metav1.MicroTime)(p).Time)
}

func (d *decoder) time(layout string, t *time.Time) bool {
	if d.null() {
		return true
	}
	if d.peek() != '"' {
		return false
	}
	text, plain, ok := d.quoted()
	if !ok || !plain {
		return false
	}
	parsed, err := time.Parse(layout, view(text))
	*t = parsed.Local()
	return err == nil
}
