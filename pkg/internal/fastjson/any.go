package fastjson

import (
	"strconv"
	"unsafe"
)

// decodeAny decodes into an interface without methods: nil, bool, int64, float64, string, []any or map[string]any.
func decodeAny(d *decoder, p unsafe.Pointer) bool {
	v, ok := d.any()
	*(*any)(p) = v
	return ok
}

func (d *decoder) any() (any, bool) {
	switch d.peek() {
	case '{':
		return d.anyObject()
	case '[':
		return d.anyArray()
	case '"':
		return asAny(d.string())
	case 't':
		return true, d.literal("true")
	case 'f':
		return false, d.literal("false")
	case 'n':
		return nil, d.literal("null")
	}
	digits, whole, ok := d.number()
	if !ok {
		return nil, false
	}
	if whole {
		if n, err := strconv.ParseInt(view(digits), 10, 64); err == nil {
			return n, true
		}
	}
	n, err := strconv.ParseFloat(view(digits), 64)
	return n, err == nil
}

func asAny[T any](v T, ok bool) (any, bool) { return v, ok }

func (d *decoder) anyObject() (any, bool) {
	if !d.open('{') {
		return nil, false
	}
	m := map[string]any{}
	if d.closes('}') {
		return m, true
	}
	for more := true; more; {
		key, ok := d.string()
		if !ok || d.peek() != ':' {
			return nil, false
		}
		d.pos++
		if m[key], ok = d.any(); !ok {
			return nil, false
		}
		if more, ok = d.separator('}'); !ok {
			return nil, false
		}
	}
	return m, true
}

func (d *decoder) anyArray() (any, bool) {
	if !d.open('[') {
		return nil, false
	}
	if d.closes(']') {
		return []any{}, true
	}
	var few [8]any // so that most arrays are allocated at their size
	elements := few[:0]
	for more := true; more; {
		v, ok := d.any()
		if !ok {
			return nil, false
		}
		elements = append(elements, v)
		if more, ok = d.separator(']'); !ok {
			return nil, false
		}
	}
	if len(elements) <= len(few) {
		elements = append(make([]any, 0, len(elements)), elements...)
	}
	return elements, true
}
