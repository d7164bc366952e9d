package fielddiff

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Paths returns the paths, as in JSON, of the fields in which two objects of one type differ; none if they are equal. Keys
// of maps are part of a path, other values never are. Lists of different lengths, like nil and empty, differ as a whole.
//
// It is stricter than a comparison of meanings, with one exception: quantities and times are compared by value, because to
// print them may change how they are held.
func Paths(a, b any) []string {
	var w walk
	w.compare("", reflect.ValueOf(a), reflect.ValueOf(b))
	slices.Sort(w.paths)
	return w.paths
}

// walk collects paths.
type walk struct {
	paths []string
}

// differ notes a path, and says so if it is that of the whole object.
func (w *walk) differ(path string) {
	w.paths = append(w.paths, strings.TrimPrefix(path, "."))
}

func (w *walk) compare(path string, a, b reflect.Value) {
	if !a.IsValid() || !b.IsValid() || a.Type() != b.Type() {
		if a.IsValid() || b.IsValid() {
			w.differ(path)
		}
		return
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				w.differ(path)
			}
			return
		}
		w.compare(path, a.Elem(), b.Elem())
	case reflect.Struct:
		w.compareStructs(path, a, b)
	case reflect.Map:
		w.compareMaps(path, a, b)
	case reflect.Slice, reflect.Array:
		w.compareLists(path, a, b)
	default:
		if !reflect.DeepEqual(a.Interface(), b.Interface()) {
			w.differ(path)
		}
	}
}

func (w *walk) compareStructs(path string, a, b reflect.Value) {
	if equal, ok := equalByValue(a.Interface(), b.Interface()); ok {
		if !equal {
			w.differ(path)
		}
		return
	}
	for i := range a.NumField() {
		field := a.Type().Field(i)
		if !field.IsExported() {
			if !reflect.DeepEqual(a.Interface(), b.Interface()) {
				w.differ(path)
			}
			return // what it hides cannot be looked into
		}
	}
	for i := range a.NumField() {
		w.compare(path+jsonName(a.Type().Field(i)), a.Field(i), b.Field(i))
	}
}

// equalByValue compares types whose equal values may look different in memory.
func equalByValue(a, b any) (equal, ok bool) {
	switch a := a.(type) {
	case resource.Quantity:
		return a.Cmp(b.(resource.Quantity)) == 0, true
	case time.Time:
		return a.Equal(b.(time.Time)), true
	}
	return false, false
}

// jsonName is what a field adds to the path: nothing if its fields are inlined.
func jsonName(field reflect.StructField) string {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	switch {
	case name != "" && name != "-":
		return "." + name
	case field.Anonymous || strings.Contains(options, "inline"):
		return ""
	default:
		return "." + field.Name
	}
}

func (w *walk) compareMaps(path string, a, b reflect.Value) {
	if a.IsNil() != b.IsNil() {
		w.differ(path)
		return
	}
	for _, key := range a.MapKeys() {
		w.compare(fmt.Sprintf("%s[%v]", path, key), a.MapIndex(key), b.MapIndex(key))
	}
	for _, key := range b.MapKeys() {
		if !a.MapIndex(key).IsValid() {
			w.differ(fmt.Sprintf("%s[%v]", path, key))
		}
	}
}

func (w *walk) compareLists(path string, a, b reflect.Value) {
	switch {
	case a.Len() != b.Len(), a.Kind() == reflect.Slice && a.IsNil() != b.IsNil():
		w.differ(path)
		return
	case a.Type().Elem().Kind() == reflect.Uint8: // text, not a list
		if !reflect.DeepEqual(a.Interface(), b.Interface()) {
			w.differ(path)
		}
		return
	}
	for i := range a.Len() {
		w.compare(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))
	}
}
