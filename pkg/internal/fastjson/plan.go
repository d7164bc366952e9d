package fastjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"unsafe"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	sigsjson "sigs.k8s.io/json"
)

// plans has a decodeFunc for each reflect.Type that was decoded into. It only saves work.
var plans sync.Map

func planFor(t reflect.Type) decodeFunc {
	if f, ok := plans.Load(t); ok {
		return f.(decodeFunc)
	}
	f, _ := plans.LoadOrStore(t, planner{}.plan(t))
	return f.(decodeFunc)
}

// planner makes a plan. It has the structs that it is within or done with, so that types may be recursive.
type planner map[reflect.Type]*structPlan

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (b planner) plan(t reflect.Type) decodeFunc {
	switch t {
	case reflect.TypeFor[metav1.Time]():
		return decodeTime
	case reflect.TypeFor[metav1.MicroTime]():
		return decodeMicroTime
	case reflect.TypeFor[intstr.IntOrString]():
		return decodeIntOrString
	case reflect.TypeFor[json.Number]():
		return elsewhere(t)
	}
	pointer := reflect.PointerTo(t)
	switch {
	case pointer.Implements(unmarshaler):
		return byItself(t)
	case pointer.Implements(textUnmarshaler):
		return elsewhere(t)
	}
	switch t.Kind() {
	case reflect.Struct:
		return b.planStruct(t)
	case reflect.Pointer:
		return b.planPointer(t.Elem())
	case reflect.Slice:
		return b.planSlice(t)
	case reflect.Map:
		return b.planMap(t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return decodeAny
		}
	case reflect.String:
		return decodeString
	case reflect.Bool:
		return decodeBool
	case reflect.Int:
		return decodeInt[int]
	case reflect.Int8:
		return decodeInt[int8]
	case reflect.Int16:
		return decodeInt[int16]
	case reflect.Int32:
		return decodeInt[int32]
	case reflect.Int64:
		return decodeInt[int64]
	case reflect.Uint:
		return decodeUint[uint]
	case reflect.Uint8:
		return decodeUint[uint8]
	case reflect.Uint16:
		return decodeUint[uint16]
	case reflect.Uint32:
		return decodeUint[uint32]
	case reflect.Uint64:
		return decodeUint[uint64]
	case reflect.Float32:
		return decodeFloat[float32]
	case reflect.Float64:
		return decodeFloat[float64]
	}
	return elsewhere(t)
}

func (b planner) planStruct(t reflect.Type) decodeFunc {
	if s, ok := b[t]; ok {
		return s.decode
	}
	fields, ok := structFields(t)
	if !ok || len(fields) > maxFields {
		return elsewhere(t)
	}
	s := &structPlan{fields: make([]field, len(fields)), byName: make(map[string]int, len(fields))}
	b[t] = s
	for i, f := range fields {
		s.fields[i] = field{name: f.name, offset: f.offset, decode: b.plan(f.typ)}
		s.byName[f.name] = i
	}
	return s.decode
}

func (b planner) planPointer(elem reflect.Type) decodeFunc {
	decode := b.plan(elem)
	return func(d *decoder, p unsafe.Pointer) bool {
		if d.null() {
			return true
		}
		target := reflect.New(elem).UnsafePointer()
		*(*unsafe.Pointer)(p) = target
		return decode(d, target)
	}
}

func (b planner) planSlice(t reflect.Type) decodeFunc {
	elem := t.Elem()
	if pointer := reflect.PointerTo(elem); elem.Kind() == reflect.Uint8 {
		if pointer.Implements(unmarshaler) || pointer.Implements(textUnmarshaler) {
			return elsewhere(t)
		}
		return decodeBytes
	}
	return newSlicePlan(t, b.plan(elem)).decode
}

func (b planner) planMap(t reflect.Type) decodeFunc {
	key := t.Key()
	switch {
	case t == reflect.TypeFor[map[string]string]():
		return decodeStringMap
	case key.Kind() != reflect.String, key.Implements(textUnmarshaler), reflect.PointerTo(key).Implements(textUnmarshaler):
		return elsewhere(t)
	}
	return newMapPlan(t, b.plan(t.Elem())).decode
}

// byItself decodes with the UnmarshalJSON of t.
func byItself(t reflect.Type) decodeFunc {
	return func(d *decoder, p unsafe.Pointer) bool {
		raw, ok := d.raw()
		return ok && reflect.NewAt(t, p).Interface().(json.Unmarshaler).UnmarshalJSON(raw) == nil
	}
}

// elsewhere decodes with the other decoder.
func elsewhere(t reflect.Type) decodeFunc {
	return func(d *decoder, p unsafe.Pointer) bool {
		raw, ok := d.raw()
		return ok && sigsjson.UnmarshalCaseSensitivePreserveInts(raw, reflect.NewAt(t, p).Interface()) == nil
	}
}
