package differential

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// difference is a way in which our server answers something else than the real one, on purpose. All that an entry names must show.
type difference struct {
	scenario string // area/slug
	steps    []int  // from 1; none means any
	// fields are patterns (path.Match) of the paths of what differs, separated by ", ". A dot separates keys and indices, of which
	// "*" matches one; "**" at the end matches the rest.
	fields string
	reason string
}

// unexplained returns what differs in a scenario and is not in the table, and what is in the table and does not differ.
func unexplained(table []difference, s scenario, fields []field) []string {
	var problems []string
	name := s.area + "/" + slug(s.name)
	found := map[[2]int]bool{} // by indices of the table, and of the fields of an entry or the steps
	for _, f := range fields {
		known := false
		for i, d := range table {
			if d.scenario != name || len(d.steps) > 0 && !slices.Contains(d.steps, f.step) {
				continue
			}
			for j, pattern := range strings.Split(d.fields, ", ") {
				if matchesField(pattern, f.path) {
					known, found[[2]int{i, j}], found[[2]int{i, -f.step}] = true, true, true
				}
			}
		}
		if !known {
			problems = append(problems, f.String())
		}
	}
	for i, d := range table {
		if d.scenario != name {
			continue
		}
		for j, pattern := range strings.Split(d.fields, ", ") {
			if !found[[2]int{i, j}] {
				problems = append(problems, fmt.Sprintf("%s is the same as on the real server: remove it from the table of differences", pattern))
			}
		}
		for _, step := range d.steps {
			if !found[[2]int{i, -step}] {
				problems = append(problems, fmt.Sprintf("step %d is the same as on the real server: remove it from the table of differences", step))
			}
		}
	}
	return problems
}

// differ fails the test for what unexplained returns.
func differ(t *testing.T, s scenario, fields []field) {
	t.Helper()
	for _, problem := range unexplained(differences, s, fields) {
		t.Error(problem)
	}
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	if err != nil {
		panic(err)
	}
	return ok
}

// matchesField matches key by key.
func matchesField(pattern, field string) bool {
	if pattern == "**" || pattern == field {
		return true
	}
	if prefix, ok := strings.CutSuffix(pattern, ".**"); ok {
		depth := strings.Count(prefix, ".") + 1
		segments := strings.SplitN(field, ".", depth+1)
		if len(segments) < depth {
			return false
		}
		field, pattern = strings.Join(segments[:depth], "."), prefix
	}
	return matches(strings.ReplaceAll(pattern, ".", "/"), strings.ReplaceAll(field, ".", "/"))
}
