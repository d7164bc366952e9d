package openapi

import (
	"reflect"

	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"
	smd "sigs.k8s.io/structured-merge-diff/v6/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
)

// fact is what the Go type of a field does not say: how server-side apply treats a list or a
// map, and what the default is.
type fact struct {
	list  string // map, set or atomic
	keys  []string
	maps  string // atomic
	value any    // nil: no default
}

func (f fact) apply(s *schema) {
	switch {
	case s.Type == "array":
		s.ListType, s.ListMapKeys = f.list, f.keys
	case s.Type == "object" || len(s.AllOf) > 0:
		s.MapType = f.maps
	}
}

// facts are those of all types, by the types' names.
type facts map[string]smd.Atom

// newFacts asks the room that reads them in comments. A type that it refuses has no schema
// in server-side apply either, and no facts here.
func newFacts(types map[gvkschema.GroupVersionKind]reflect.Type) facts {
	all := make(facts)
	markers := smdschema.Builtin()
	for _, t := range types {
		if _, known := all[smdschema.Name(t)]; known || special(t) != nil {
			continue
		}
		parser, err := smdschema.New(markers, t)
		if err != nil {
			continue
		}
		for _, def := range parser.Schema.Types {
			all[def.Name] = def.Atom
		}
	}
	return all
}

// atomic reports whether a struct is replaced as a whole.
func (f facts) atomic(t reflect.Type) bool {
	atom := f[smdschema.Name(t)]
	return atom.Map != nil && atom.Map.ElementRelationship == smd.Atomic
}

// fields returns the facts of the fields of a struct, by their names in JSON.
func (f facts) fields(t reflect.Type) map[string]fact {
	atom := f[smdschema.Name(t)]
	if atom.Map == nil {
		return nil
	}
	fields := make(map[string]fact)
	for _, field := range atom.Map.Fields {
		found := fact{value: field.Default}
		if list := field.Type.Inlined.List; list != nil {
			found.keys = list.Keys
			switch {
			case list.ElementRelationship == smd.Atomic:
				found.list = "atomic"
			case len(list.Keys) > 0:
				found.list = "map"
			default:
				found.list = "set"
			}
		}
		if m := field.Type.Inlined.Map; m != nil && m.ElementRelationship == smd.Atomic {
			found.maps = "atomic"
		}
		if r := field.Type.ElementRelationship; r != nil && *r == smd.Atomic {
			found.maps = "atomic"
		}
		fields[field.Name] = found
	}
	return fields
}
