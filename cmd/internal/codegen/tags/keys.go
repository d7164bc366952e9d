package tags

import "slices"

// Keys returns the keys of all tags that this package reads, sorted.
func Keys() []string {
	var keys []string
	for _, family := range families {
		keys = append(keys, family...)
	}
	slices.Sort(keys)
	return keys
}
