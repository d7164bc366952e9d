package check

import (
	"fmt"
	"maps"
	"slices"
)

// IndexSnapshot is one index when nothing changed, and the cache at the same time.
type IndexSnapshot struct {
	Name string
	// Values are what the index function says of an object that is indexed; nothing for one that it fails for.
	Values  func(Object) []string
	Objects Objects
	// Index has the keys by value, as the index returned them.
	Index map[string][]string
}

// checkIndexes wants that each index is what one built anew of the cache would be (I18).
func (i *Informer) checkIndexes() []Violation {
	var found []Violation
	for _, s := range i.Indexes {
		r := report{where: fmt.Sprintf("%s index %s", i.Name, s.Name)}
		rebuilt := map[string][]string{}
		for _, key := range slices.Sorted(maps.Keys(s.Objects)) {
			for _, value := range s.Values(s.Objects[key]) {
				keys := rebuilt[value]
				if n := len(keys); n == 0 || keys[n-1] != key { // a value may come twice
					rebuilt[value] = append(keys, key)
				}
			}
		}
		for _, value := range slices.Sorted(maps.Keys(rebuilt)) {
			if got := slices.Sorted(slices.Values(s.Index[value])); !slices.Equal(got, rebuilt[value]) {
				r.add("I18", "value %q has %q, rebuilt %q", value, got, rebuilt[value])
			}
		}
		for _, value := range slices.Sorted(maps.Keys(s.Index)) {
			if rebuilt[value] == nil {
				r.add("I18", "value %q, with %q, should not be there", value, s.Index[value])
			}
		}
		found = append(found, r.found...)
	}
	return found
}
