package fastjson

import (
	"reflect"
	"sync"
	"unsafe"
)

// slicePlan decodes arrays into slices of one type. The first elements are decoded somewhere else, so that the slice can be
// allocated when it is known how many there are.
type slicePlan struct {
	typ     reflect.Type
	size    uintptr // of an element
	decode1 decodeFunc
	empty   reflect.Value // not nil
	drafts  sync.Pool     // of *draft
}

// draft is room for some elements, all zero while it is in the pool.
type draft struct {
	first unsafe.Pointer
	// upTo[n] is a slice of the first n.
	upTo []reflect.Value
}

const (
	draftBytes    = 4096
	draftElements = 32
)

func newSlicePlan(t reflect.Type, elem decodeFunc) *slicePlan {
	s := &slicePlan{typ: t, size: t.Elem().Size(), decode1: elem, empty: reflect.MakeSlice(t, 0, 0)}
	n := draftElements
	if s.size > 0 {
		n = max(1, min(n, int(draftBytes/s.size)))
	}
	s.drafts.New = func() any {
		all := reflect.MakeSlice(t, n, n)
		d := &draft{first: all.UnsafePointer()}
		for i := range n + 1 {
			d.upTo = append(d.upTo, all.Slice(0, i))
		}
		return d
	}
	return s
}

func (s *slicePlan) decode(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	if !d.open('[') {
		return false
	}
	target := reflect.NewAt(s.typ, p).Elem()
	if d.closes(']') {
		target.Set(s.empty)
		return true
	}
	more, ok := s.decodeFirst(d, target)
	for ok && more {
		n := target.Len()
		target.Grow(1) // what it adds is zero
		target.SetLen(n + 1)
		if ok = s.decode1(d, unsafe.Add(target.UnsafePointer(), uintptr(n)*s.size)); ok {
			more, ok = d.separator(']')
		}
	}
	return ok
}

// decodeFirst decodes as many elements as a draft has room for into the empty target, which is allocated for as many as there
// are. It reports whether there are more.
func (s *slicePlan) decodeFirst(d *decoder, target reflect.Value) (more, ok bool) {
	draft := s.drafts.Get().(*draft)
	n := 0
	for more, ok = true, true; ok && more && n < len(draft.upTo)-1; n++ {
		if ok = s.decode1(d, unsafe.Add(draft.first, uintptr(n)*s.size)); ok {
			more, ok = d.separator(']')
		}
	}
	if ok {
		target.Grow(n)
		target.SetLen(n)
		reflect.Copy(target, draft.upTo[n])
	}
	draft.upTo[n].Clear()
	s.drafts.Put(draft)
	return more, ok
}

// mapPlan decodes objects into maps of one type, whose keys are strings.
type mapPlan struct {
	typ     reflect.Type
	decode1 decodeFunc
	entries sync.Pool // of *entry
}

// entry is room for a key and a value, both zero while it is in the pool.
type entry struct {
	key, value reflect.Value
}

func newMapPlan(t reflect.Type, elem decodeFunc) *mapPlan {
	m := &mapPlan{typ: t, decode1: elem}
	m.entries.New = func() any {
		return &entry{key: reflect.New(t.Key()).Elem(), value: reflect.New(t.Elem()).Elem()}
	}
	return m
}

func (m *mapPlan) decode(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	if !d.open('{') {
		return false
	}
	out := reflect.MakeMap(m.typ)
	reflect.NewAt(m.typ, p).Elem().Set(out)
	if d.closes('}') {
		return true
	}
	e := m.entries.Get().(*entry)
	defer func() {
		e.key.SetZero()
		e.value.SetZero()
		m.entries.Put(e)
	}()
	for more := true; more; {
		key, ok := d.string()
		if !ok || d.peek() != ':' {
			return false
		}
		d.pos++
		e.key.SetString(key)
		e.value.SetZero()
		if !m.decode1(d, e.value.Addr().UnsafePointer()) {
			return false
		}
		out.SetMapIndex(e.key, e.value)
		if more, ok = d.separator('}'); !ok {
			return false
		}
	}
	return true
}

// decodeStringMap is for labels, annotations and the like, which are most of the maps.
func decodeStringMap(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	if !d.open('{') {
		return false
	}
	out := map[string]string{}
	*(*map[string]string)(p) = out
	if d.closes('}') {
		return true
	}
	for more := true; more; {
		key, ok := d.string()
		if !ok || d.peek() != ':' {
			return false
		}
		d.pos++
		var value string
		if !d.null() {
			if value, ok = d.string(); !ok {
				return false
			}
		}
		out[key] = value
		if more, ok = d.separator('}'); !ok {
			return false
		}
	}
	return true
}
