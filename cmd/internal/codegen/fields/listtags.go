package fields

import (
	"slices"
	"strings"
)

// checkTags checks the tags that say how the field is merged. They are those of kube-openapi. One that has no effect on the
// field's type is no problem: k8s.io/api has some.
func (f *Field) checkTags() {
	wrong := func(fault *Fault) { f.wrong = append(f.wrong, *fault) }
	t := f.Type.Deref()
	if t.Kind == Opaque {
		return
	}
	if listType, ok := f.tags.first("listType"); ok {
		switch {
		case !slices.Contains([]string{"atomic", "set", "map"}, listType):
			wrong(faultf("has +listType=%s, which is none", listType).fix("write atomic, set or map"))
		case listType == "map" && t.Kind == Slice:
			f.checkMapKeys(t, wrong)
		}
	}
	if keys := f.tags["listMapKey"]; len(keys) > 0 {
		if listType, _ := f.tags.first("listType"); listType != "map" {
			wrong(faultf("has +listMapKey=%s without +listType=map", keys[0]).fix("add it"))
		}
	}
	for _, key := range []string{"mapType", "structType"} {
		if value, ok := f.tags.first(key); ok && value != "atomic" && value != "granular" {
			wrong(faultf("has +%s=%s, which is none", key, value).fix("write atomic or granular"))
		}
	}
}

// checkMapKeys checks that a list whose elements are told apart by keys has keys.
func (f *Field) checkMapKeys(list *Type, wrong func(*Fault)) {
	keys := f.tags["listMapKey"]
	if len(keys) == 0 {
		wrong(faultf("has +listType=map, but no +listMapKey").fix("name the field that tells elements apart: +listMapKey=name"))
	}
	if list.Elem.Deref().Kind != StructType {
		wrong(faultf("has +listType=map, but its elements are not structs").fix("write +listType=set"))
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
