package fastproto

import (
	"reflect"
	"sync"
	"unsafe"
)

// slicePlan decodes fields that follow one another into a slice.
type slicePlan struct {
	typ     reflect.Type
	size    uintptr // of an element
	decode1 decodeFunc
	tag     uint64
}

func (s *slicePlan) decode(d *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
	n, ok := count(data, s.tag)
	if !ok {
		return nil, false
	}
	target := reflect.NewAt(s.typ, p).Elem()
	target.Grow(n) // what it adds is zero
	target.SetLen(n)
	first := target.UnsafePointer()
	for i := range n {
		if i > 0 {
			data, _ = again(data, s.tag)
		}
		if data, ok = s.decode1(d, unsafe.Add(first, uintptr(i)*s.size), data); !ok {
			return nil, false
		}
	}
	return data, true
}

// The tags of what a field of a map has in it.
const (
	keyTag   = 1<<wireBits | wireBytes
	valueTag = 2<<wireBits | wireBytes
)

// planMap plans the fields of a map from strings to what is not a number; nil if it is another one.
func (b planner) planMap(t reflect.Type, tag uint64) decodeFunc {
	if t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(message) {
		return nil
	}
	if t == reflect.TypeFor[map[string]string]() {
		return (&stringMapPlan{tag}).decode
	}
	one := b.planOne(t.Elem())
	if one == nil {
		return nil
	}
	m := &mapPlan{typ: t, decode1: one, tag: tag, missing: reflect.Zero(t.Elem())}
	if t.Elem().Kind() == reflect.Slice {
		m.missing = reflect.MakeSlice(t.Elem(), 0, 0)
	}
	m.entries.New = func() any {
		return &entry{key: reflect.New(t.Key()).Elem(), value: reflect.New(t.Elem()).Elem()}
	}
	return m.decode
}

// mapPlan decodes fields that follow one another into a map.
type mapPlan struct {
	typ     reflect.Type
	decode1 valueFunc
	tag     uint64
	missing reflect.Value // what is under a key that has no value
	entries sync.Pool     // of *entry
}

// entry is room for a key and a value, both zero while it is in the pool.
type entry struct {
	key, value reflect.Value
}

func (m *mapPlan) decode(d *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
	n, ok := count(data, m.tag)
	if !ok {
		return nil, false
	}
	out := reflect.MakeMapWithSize(m.typ, n)
	reflect.NewAt(m.typ, p).Elem().Set(out)
	e := m.entries.Get().(*entry)
	defer func() {
		e.key.SetZero()
		e.value.SetZero()
		m.entries.Put(e)
	}()
	for i := range n {
		if i > 0 {
			data, _ = again(data, m.tag)
		}
		var key, value []byte
		if key, value, data, ok = keyAndValue(data); !ok {
			return nil, false
		}
		e.key.SetString(d.string(key))
		if value == nil {
			out.SetMapIndex(e.key, m.missing)
			continue
		}
		e.value.SetZero()
		if !m.decode1(d, e.value.Addr().UnsafePointer(), value) {
			return nil, false
		}
		out.SetMapIndex(e.key, e.value)
	}
	return data, true
}

// stringMapPlan is for labels, annotations and the like, which are most of the maps.
type stringMapPlan struct{ tag uint64 }

func (m *stringMapPlan) decode(d *decoder, p unsafe.Pointer, data []byte) ([]byte, bool) {
	n, ok := count(data, m.tag)
	if !ok {
		return nil, false
	}
	out := make(map[string]string, n)
	*(*map[string]string)(p) = out
	for i := range n {
		if i > 0 {
			data, _ = again(data, m.tag)
		}
		var key, value []byte
		if key, value, data, ok = keyAndValue(data); !ok {
			return nil, false
		}
		out[d.string(key)] = d.string(value)
	}
	return data, true
}

// keyAndValue takes one field of a map apart, which is as usual: the key, and the value or, where that is nil, nothing.
func keyAndValue(data []byte) (key, value, rest []byte, ok bool) {
	inner, rest, ok := sized(data)
	if !ok {
		return nil, nil, nil, false
	}
	if inner, ok = again(inner, keyTag); !ok {
		return nil, nil, nil, false
	}
	if key, inner, ok = sized(inner); !ok {
		return nil, nil, nil, false
	}
	if len(inner) == 0 {
		return key, nil, rest, true
	}
	if inner, ok = again(inner, valueTag); !ok {
		return nil, nil, nil, false
	}
	value, inner, ok = sized(inner)
	return key, value, rest, ok && len(inner) == 0
}
