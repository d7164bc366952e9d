package apply

import "fmt"

// Append returns list with copies of the values behind it, for the method With<field>. It panics if a value is nil.
func Append[T any](field string, list []T, values []*T) []T {
	for i, value := range values {
		if value == nil {
			panic(fmt.Sprintf("nil value passed to With%s (value %d of %d)", field, i+1, len(values)))
		}
		list = append(list, *value)
	}
	return list
}

// Put returns m with the entries in it, where they replace those with the same keys. A nil map stays nil without
// entries, and otherwise becomes a new one: the map of the caller is not kept.
func Put[K comparable, V any](m, entries map[K]V) map[K]V {
	if m == nil && len(entries) > 0 {
		m = make(map[K]V, len(entries))
	}
	for key, value := range entries {
		m[key] = value
	}
	return m
}

// Ensure returns what *p points to: a new T if it was nil.
func Ensure[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}
