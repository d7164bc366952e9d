package check

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// calls are what two clients do to one object: the second creates it again after the first has lost its deletion.
func calls() []Operation {
	return []Operation{
		{Client: 1, Key: "ns/a", Verb: "create", Value: "one", Called: 1, Returned: 2, Answer: Done, GotValue: "one", GotVersion: "2"},
		{Client: 2, Key: "ns/a", Verb: "get", Called: 3, Returned: 5, Answer: Done, GotValue: "one", GotVersion: "2"},
		{Client: 1, Key: "ns/a", Verb: "update", Version: "2", Value: "two", Called: 4, Returned: 6, Answer: Done, GotValue: "two", GotVersion: "3"},
		{Client: 2, Key: "ns/a", Verb: "update", Version: "2", Value: "never", Called: 7, Returned: 8, Answer: Stale},
		{Client: 1, Key: "ns/a", Verb: "delete", Called: 9, Returned: 10, Answer: Unknown},
		{Client: 2, Key: "ns/a", Verb: "create", Value: "three", Called: 11, Returned: 12, Answer: Done, GotValue: "three", GotVersion: "5"},
		{Client: 1, Key: "ns/a", Verb: "create", Value: "refused", Called: 13, Returned: 14, Answer: Taken},
		{Client: 2, Key: "ns/a", Verb: "update", Version: "5", Value: "four", Called: 15, Returned: 16, Answer: Unknown},
		{Client: 2, Key: "ns/a", Verb: "get", Called: 17, Returned: 18, Answer: Done, GotValue: "four", GotVersion: "6"},
	}
}

// writes is the history of calls: each value, or "" for a deletion, at the next revision.
func writes(values ...string) *History {
	var changes []record.Change
	var before *corev1.ConfigMap
	for i, value := range values {
		c := record.Change{Revision: int64(i + 2)}
		if before != nil {
			c.Old = before
		}
		if before = nil; value != "" {
			before = made("a", i+2, "uid", "x")
			before.Annotations = map[string]string{ValueKey: value}
			c.New = before
		}
		changes = append(changes, c)
	}
	return NewHistory(map[string][]record.Change{"ns/a": changes}, nil)
}

func TestOperations(t *testing.T) {
	truth := []string{"one", "two", "", "three", "four"}
	cases := map[string]struct {
		falsify func([]Operation) []Operation
		writes  []string
		want    string // the invariant, "" if all is well
	}{
		"the truth":             {nil, truth, ""},
		"an old value was read": {func(o []Operation) []Operation { o[8].GotValue, o[8].GotVersion = "three", "5"; return o }, truth, ""},
		"a value was read that was gone": {func(o []Operation) []Operation {
			o[8].GotValue, o[8].GotVersion = "one", "2"
			return o
		}, truth, "I17"},
		"a value was read at another version": {func(o []Operation) []Operation { o[1].GotVersion = "1"; return o }, truth, "I17"},
		"an object was found that is deleted": {func(o []Operation) []Operation { o[4].Answer = Done; o[5].Answer = Taken; return o[:6] }, []string{"one", "two", ""}, "I17"},
		"a stale update was done":             {func(o []Operation) []Operation { o[3].Answer = Done; o[3].GotVersion = "4"; return o[:4] }, []string{"one", "two", "never"}, "I17"},
		"an update was refused for nothing":   {func(o []Operation) []Operation { o[2].Answer = Stale; return o[:3] }, []string{"one"}, "I17"},
		"an object was not found that is there": {func(o []Operation) []Operation {
			return append(o, Operation{Key: "ns/a", Verb: "get", Called: 19, Returned: 20, Answer: Absent})
		}, truth, "I17"},
		"a create was done twice":                {nil, []string{"one", "", "one", "two", "", "three", "four"}, "I16"},
		"a done update was lost":                 {nil, []string{"one", "", "three", "four"}, "I16"},
		"a refused update was done nevertheless": {nil, []string{"one", "two", "never", "", "three", "four"}, "I16"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			operations := calls()
			if c.falsify != nil {
				operations = c.falsify(operations)
			}
			found := writes(c.writes...).CheckOperations(operations)
			if c.want == "" && len(found) > 0 || c.want != "" && !slices.ContainsFunc(found, func(v Violation) bool { return v.Invariant == c.want }) {
				t.Errorf("found %v, want %q", found, c.want)
			}
		})
	}
}
