// Package memsize estimates how much memory a value holds.
package memsize

import (
	"reflect"
	"time"
)

// maxDepth is how many pointers, interfaces, slices and maps are followed one into the other. API objects need a dozen.
const maxDepth = 100

// Of returns an estimate, in bytes, of the memory that v leads to: what its pointers, slices, maps, strings and
// interfaces point to, through exported and unexported fields. The two words of the interface v do not count. Memory
// that is reached twice counts once.
//
// It counts what was asked of the allocator, which rounds up by a tenth or so. Slices count with their capacity; maps
// with what one of their length usually takes. What v shares with other values, constant strings for example, counts
// as if it were v's own, except for locations of times. Channels and functions count nothing, nor does what lies deeper
// than a hundred levels.
//
// Nobody may write to what v leads to while Of reads it.
func Of(v any) int64 {
	if v == nil {
		return 0
	}
	w := walk{seen: map[memory]bool{}, flat: map[reflect.Type]bool{}}
	root := reflect.ValueOf(v)
	if !isPointer(root.Kind()) {
		w.total += int64(root.Type().Size()) // the interface v points to it
	}
	w.follow(root, maxDepth)
	return w.total
}

// memory is a piece of memory as seen by its type; a struct and its first field have the same address.
type memory struct {
	address uintptr
	as      reflect.Type
}

type walk struct {
	total int64
	seen  map[memory]bool
	flat  map[reflect.Type]bool // whether values of a type lead nowhere
}

// first reports whether the memory that v points to is reached for the first time. A nil pointer leads nowhere.
func (w *walk) first(v reflect.Value) bool {
	m := memory{v.Pointer(), v.Type()}
	if m.address == 0 || w.seen[m] {
		return false
	}
	w.seen[m] = true
	return true
}

// follow adds what v leads to, but not the memory of v itself.
func (w *walk) follow(v reflect.Value, depth int) {
	if depth == 0 || w.isFlat(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if w.first(v) {
			w.total += int64(v.Len())
		}
	case reflect.Pointer:
		if w.first(v) {
			w.total += int64(v.Type().Elem().Size())
			w.follow(v.Elem(), depth-1)
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		content := v.Elem()
		if !isPointer(content.Kind()) {
			w.total += int64(content.Type().Size())
		}
		w.follow(content, depth-1)
	case reflect.Slice:
		if w.first(v) {
			w.total += int64(v.Cap()) * int64(v.Type().Elem().Size())
			w.elements(v, depth-1)
		}
	case reflect.Array:
		w.elements(v, depth-1)
	case reflect.Struct:
		for i := range v.NumField() {
			w.follow(v.Field(i), depth)
		}
	case reflect.Map:
		if w.first(v) {
			w.total += mapSize(v)
			for entries := v.MapRange(); entries.Next(); {
				w.follow(entries.Key(), depth-1)
				w.follow(entries.Value(), depth-1)
			}
		}
	}
}

func (w *walk) elements(v reflect.Value, depth int) {
	if w.isFlat(v.Type().Elem()) {
		return
	}
	for i := range v.Len() {
		w.follow(v.Index(i), depth)
	}
}

// mapSize is the memory of a map without what its entries lead to: a header, and groups of eight slots with a control
// byte each, of which a large map uses about four in five.
func mapSize(v reflect.Value) int64 {
	const header, group = 48, 8
	slot := int64(v.Type().Key().Size()+v.Type().Elem().Size()) + 1
	if v.Len() <= group {
		return header + group*slot
	}
	return header + int64(v.Len())*slot*5/4
}

// isPointer reports whether an interface holds a value of this kind in its own word.
func isPointer(kind reflect.Kind) bool {
	switch kind {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	}
	return false
}

var location = reflect.TypeFor[*time.Location]()

// isFlat reports whether values of a type lead nowhere, or nowhere that counts.
func (w *walk) isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Slice, reflect.Map:
		return false
	case reflect.Pointer:
		return t == location
	case reflect.Array:
		return t.Len() == 0 || w.isFlat(t.Elem())
	case reflect.Struct:
		flat, known := w.flat[t]
		if !known {
			flat = true
			for i := range t.NumField() {
				flat = flat && w.isFlat(t.Field(i).Type)
			}
			w.flat[t] = flat
		}
		return flat
	default:
		return true
	}
}
