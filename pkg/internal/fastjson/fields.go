package fastjson

import (
	"reflect"
	"slices"
	"strings"
)

// structField is a field as encoding/json sees it.
type structField struct {
	name   string
	typ    reflect.Type
	offset uintptr
	depth  int  // of embedding
	tagged bool // the name comes from a tag
}

// structFields returns the fields of t that encoding/json decodes into, in the order in which they are declared. It reports
// whether this package can: not if there is an embedded pointer, or an option that it does not know.
func structFields(t reflect.Type) ([]structField, bool) {
	all, ok := collectFields(nil, t, 0, 0)
	if !ok {
		return nil, false
	}
	return slices.DeleteFunc(slices.Clone(all), func(f structField) bool { return !dominant(f, all) }), true
}

func collectFields(fields []structField, t reflect.Type, offset uintptr, depth int) ([]structField, bool) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if !validName(name) {
			name = ""
		}
		if slices.Contains(strings.Split(options, ","), "string") {
			return nil, false
		}
		if f.Anonymous && name == "" {
			switch f.Type.Kind() {
			case reflect.Struct:
				var ok bool
				if fields, ok = collectFields(fields, f.Type, offset+f.Offset, depth+1); !ok {
					return nil, false
				}
				continue
			case reflect.Pointer:
				return nil, false
			}
		}
		if !f.IsExported() {
			if f.Type.Kind() == reflect.Struct {
				return nil, false // an embedded one with a name in its tag
			}
			continue
		}
		s := structField{name: name, typ: f.Type, offset: offset + f.Offset, depth: depth, tagged: name != ""}
		if !s.tagged {
			s.name = f.Name
		}
		fields = append(fields, s)
	}
	return fields, true
}

// dominant reports whether f is the one of its name that Go's rules of embedding select, with a tag deciding between fields
// of the same depth.
func dominant(f structField, all []structField) bool {
	same := 0
	for _, g := range all {
		if g.name != f.name {
			continue
		}
		if g.depth < f.depth || g.depth == f.depth && g.tagged && !f.tagged {
			return false
		}
		if g.depth == f.depth && g.tagged == f.tagged {
			same++
		}
	}
	return same == 1
}

// validName reports whether a name in a tag needs no thought; encoding/json ignores some that do.
func validName(name string) bool { return strings.Trim(name, usual) == "" }

const usual = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$-_./:"
