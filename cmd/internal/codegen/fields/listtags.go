package fields

import (
	"fmt"
	"slices"
	"strings"
)

// checkTags checks the tags that say how the field is merged. They are those of kube-openapi. One that has no effect on the
// field's type is no problem: k8s.io/api has some.
func (f *Field) checkTags() {
	wrong := func(format string, args ...any) { f.wrong = append(f.wrong, fmt.Sprintf(format, args...)) }
	t := f.Type.Deref()
	if t.Kind == Opaque {
		return
	}
	if listType, ok := f.tags.first("listType"); ok {
		switch {
		case !slices.Contains([]string{"atomic", "set", "map"}, listType):
			wrong("has +listType=%s, which is none (write atomic, set or map)", listType)
		case listType == "map" && t.Kind == Slice:
			f.checkMapKeys(t, wrong)
		}
	}
	if keys := f.tags["listMapKey"]; len(keys) > 0 {
		if listType, _ := f.tags.first("listType"); listType != "map" {
			wrong("has +listMapKey=%s without +listType=map (add it)", keys[0])
		}
	}
	for _, key := range []string{"mapType", "structType"} {
		if value, ok := f.tags.first(key); ok && value != "atomic" && value != "granular" {
			wrong("has +%s=%s, which is none (write atomic or granular)", key, value)
		}
	}
}

// checkMapKeys checks that a list whose elements are told apart by keys has keys.
func (f *Field) checkMapKeys(list *Type, wrong func(string, ...any)) {
	keys := f.tags["listMapKey"]
	if len(keys) == 0 {
		wrong("has +listType=map, but no +listMapKey (name the field that tells elements apart: +listMapKey=name)")
	}
	if list.Elem.Deref().Kind != StructType {
		wrong("has +listType=map, but its elements are not structs (write +listType=set)")
	}
}

// MissingKeys returns the keys of a list that no field of its elements has.
func (f *Field) MissingKeys() []string {
	t := f.Type.Deref()
	if t.Kind != Slice || t.Elem.Deref().Kind != StructType {
		return nil
	}
	var missing []string
	for _, key := range f.tags["listMapKey"] {
		if !hasJSON(t.Elem.Deref().Struct, key, nil) {
			missing = append(missing, key)
		}
	}
	return missing
}

// hasJSON reports whether a struct has a field of the given name in JSON.
func hasJSON(s *Struct, name string, seen []*Struct) bool {
	if slices.Contains(seen, s) {
		return false
	}
	for _, field := range s.Fields {
		if field.JSON == name {
			return true
		}
		if t := field.Type.Deref(); field.Inline() && t.Kind == StructType && hasJSON(t.Struct, name, append(seen, s)) {
			return true
		}
	}
	return false
}

// relationship returns how the elements of a list relate, and the keys that tell them apart: what the field says, or else
// the declaration of its type.
func listRelationship(field, declared tags) (associative bool, keys []string) {
	for _, t := range []tags{field, declared} {
		if listType, ok := t.first("listType"); ok {
			switch listType {
			case "set":
				return true, nil
			case "map":
				return true, t["listMapKey"]
			}
			return false, nil
		}
		if strategy, ok := t.first("patchStrategy"); ok {
			if key, ok := t.first("patchMergeKey"); ok {
				keys = []string{key}
			}
			return slices.Contains(strings.Split(strategy, ","), "merge"), keys
		}
	}
	return false, nil
}
