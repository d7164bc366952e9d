package tags

import "slices"

// Keys returns the keys of all tags that this package reads, sorted.
func Keys() []string {
	keys := []string{rootMarker, resourceMarker, subresourceMarker}
	for _, generator := range optional {
		keys = append(keys, "k8s:"+generator)
	}
	for _, family := range families {
		keys = append(keys, family...)
	}
	slices.Sort(keys)
	return keys
}
