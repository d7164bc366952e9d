package fastproto

import (
	"path"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// plans has a *plan for each reflect.Type that was decoded into. It only saves work.
var plans sync.Map

func planFor(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(t, planner{}.plan(t))
	return p.(*plan)
}

// planner makes a plan. It has the messages that it is within or done with, so that types may be recursive.
type planner map[reflect.Type]*plan

func (b planner) plan(t reflect.Type) *plan {
	if p, ok := b[t]; ok {
		return p
	}
	p := &plan{}
	b[t] = p
	ok := t.Kind() == reflect.Struct && generated(t)
	if ok {
		p.fields, ok = b.planFields(t)
	}
	if !ok {
		p.own = byItself(t)
	}
	return p
}

// generatedFile is where go-to-protobuf puts methods. Those that are written by hand are elsewhere, and may do anything.
const generatedFile = "generated.pb.go"

// generated reports whether the Unmarshal of t is generated, and its own.
func generated(t reflect.Type) bool {
	method, ok := reflect.PointerTo(t).MethodByName("Unmarshal")
	if !ok {
		return false
	}
	entry := method.Func.Pointer()
	f := runtime.FuncForPC(entry)
	if f == nil {
		return false
	}
	file, _ := f.FileLine(entry)
	return path.Base(file) == generatedFile
}

// planFields returns the fields of a struct by their numbers, and whether all of them are understood.
func (b planner) planFields(t reflect.Type) ([]field, bool) {
	var fields []field
	for f := range t.Fields() {
		if f.Name == "XXX_unrecognized" {
			return nil, false // the method puts fields there that it does not know
		}
		tag := f.Tag.Get("protobuf")
		if tag == "" || tag == "-" {
			continue // it is not encoded
		}
		number, ok := parseTag(tag)
		if !ok || !f.IsExported() {
			return nil, false
		}
		planned := field{tag: number<<wireBits | wireVarint, offset: f.Offset}
		if planned.decode = planVarint(f.Type, planned.tag); planned.decode == nil {
			planned.tag = number<<wireBits | wireBytes
			planned.decode = b.planBytes(f.Type, planned.tag)
		}
		if planned.decode == nil {
			return nil, false
		}
		if missing := int(number) + 1 - len(fields); missing > 0 {
			fields = append(fields, make([]field, missing)...)
		}
		fields[number] = planned
	}
	return fields, true
}

// maxField is the highest number that a field of a struct may have.
const maxField = 1000

// parseTag returns the number of a field that need not be there. What else a tag says does not count: some say that a number is
// text. How a field is encoded follows from its type.
func parseTag(tag string) (number uint64, ok bool) {
	options := strings.Split(tag, ",")
	if len(options) < 2 || slices.Contains(options, "req") {
		return 0, false
	}
	number, err := strconv.ParseUint(options[1], 10, 32)
	return number, err == nil && number > 0 && number <= maxField
}

var message = reflect.TypeFor[Message]()

// planBytes plans a field with something behind its length; nil if it is not understood.
func (b planner) planBytes(t reflect.Type, tag uint64) decodeFunc {
	if one := b.planOne(t); one != nil {
		return sizedBy(one)
	}
	switch t.Kind() {
	case reflect.Slice:
		if one := b.planOne(t.Elem()); one != nil {
			return (&slicePlan{typ: t, size: t.Elem().Size(), decode1: sizedBy(one), tag: tag}).decode
		}
	case reflect.Map:
		return b.planMap(t, tag)
	}
	return nil
}

// planOne plans a value that is not repeated; nil if it is, or is not understood.
func (b planner) planOne(t reflect.Type) valueFunc {
	switch {
	case reflect.PointerTo(t).Implements(message) && t.Kind() == reflect.Slice:
		return notNil(t, b.plan(t).decode)
	case reflect.PointerTo(t).Implements(message):
		return b.plan(t).decode
	case t.Kind() == reflect.String:
		return decodeString
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return decodeBytes
	case t.Kind() == reflect.Pointer && (t.Implements(message) || t.Elem().Kind() == reflect.String):
		return pointerTo(t.Elem(), b.planOne(t.Elem()))
	}
	return nil
}
