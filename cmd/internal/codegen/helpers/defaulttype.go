package helpers

import (
	"go/token"
	gotypes "go/types"
	"reflect"

	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// typesByPlace returns the types that a package declares, and those of the fields of its structs, by the places of names.
func typesByPlace(p *universe.Package) map[token.Pos]gotypes.Type {
	types := map[token.Pos]gotypes.Type{}
	var addFields func(t gotypes.Type)
	addFields = func(t gotypes.Type) {
		switch t := t.(type) {
		case *gotypes.Struct:
			for field := range t.Fields() {
				types[field.Pos()] = field.Type()
				addFields(field.Type())
			}
		case interface{ Elem() gotypes.Type }: // structs without a name, behind pointers, in slices and maps
			addFields(t.Elem())
		}
	}
	if p.Types == nil {
		return nil
	}
	for _, name := range p.Types.Scope().Names() {
		if declared, ok := p.Types.Scope().Lookup(name).(*gotypes.TypeName); ok {
			types[declared.Pos()] = declared.Type()
			addFields(declared.Type().Underlying())
		}
	}
	return types
}

var basicTypes = map[gotypes.BasicKind]reflect.Type{
	gotypes.Bool: reflect.TypeFor[bool](), gotypes.String: reflect.TypeFor[string](),
	gotypes.Int: reflect.TypeFor[int](), gotypes.Int8: reflect.TypeFor[int8](), gotypes.Int16: reflect.TypeFor[int16](),
	gotypes.Int32: reflect.TypeFor[int32](), gotypes.Int64: reflect.TypeFor[int64](),
	gotypes.Uint: reflect.TypeFor[uint](), gotypes.Uint8: reflect.TypeFor[uint8](), gotypes.Uint16: reflect.TypeFor[uint16](),
	gotypes.Uint32: reflect.TypeFor[uint32](), gotypes.Uint64: reflect.TypeFor[uint64](),
	gotypes.Float32: reflect.TypeFor[float32](), gotypes.Float64: reflect.TypeFor[float64](),
}

// like returns a type that JSON reads as it reads the type of a default, as far as that is certain: what a named type inside
// of another reads may be up to its methods. (To a basic type, defaulter-gen assigns, whatever methods it has.)
func like(t gotypes.Type) reflect.Type {
	switch t := gotypes.Unalias(t).(type) {
	case nil:
	case *gotypes.Pointer:
		return like(t.Elem())
	case *gotypes.Named:
		if basic, ok := t.Underlying().(*gotypes.Basic); ok {
			return likePart(basic)
		}
	default:
		return likePart(t)
	}
	return reflect.TypeFor[any]()
}

func likePart(t gotypes.Type) reflect.Type {
	switch t := gotypes.Unalias(t).(type) {
	case *gotypes.Basic:
		if known := basicTypes[t.Kind()]; known != nil {
			return known
		}
	case *gotypes.Pointer:
		return likePart(t.Elem())
	case *gotypes.Slice:
		return reflect.SliceOf(likePart(t.Elem()))
	case *gotypes.Map:
		return reflect.MapOf(reflect.TypeFor[string](), likePart(t.Elem()))
	}
	return reflect.TypeFor[any]()
}

// inJSON says what values of a type are in JSON.
func inJSON(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string in quotes"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list of values of its type in brackets"
	case reflect.Map:
		return "keys in quotes and values of its type in braces"
	}
	return "a whole number that it has room for"
}
