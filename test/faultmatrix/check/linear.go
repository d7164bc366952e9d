package check

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Operation is one call of a client about one object, and what it was answered.
type Operation struct {
	Client int
	Key    string
	Verb   string // get, create, update or delete
	// Value is what a create or update writes. No two operations write the same.
	Value string
	// Version is the one that an update is good for.
	Version string
	// Called and Returned order operations: one that returned before another was called came before it.
	Called, Returned int64

	Answer Answer
	// GotValue and GotVersion are of the object that a done get, create or update returned.
	GotValue, GotVersion string
}

func (o Operation) String() string {
	text := fmt.Sprintf("[%d-%d] client %d: %s %s", o.Called, o.Returned, o.Client, o.Verb, o.Key)
	if o.Value != "" {
		text += " to " + o.Value
	}
	if o.Version != "" {
		text += " at version " + o.Version
	}
	text += ": " + o.Answer.String()
	if o.GotVersion != "" {
		text += fmt.Sprintf(" (%s at version %s)", o.GotValue, o.GotVersion)
	}
	return text
}

// Answer is what became of an operation, as far as its client knows.
type Answer int

const (
	// Unknown is an error that does not say whether it was done.
	Unknown Answer = iota
	// Done is success.
	Done
	// Absent is NotFound.
	Absent
	// Taken is AlreadyExists.
	Taken
	// Stale is Conflict.
	Stale
)

func (a Answer) String() string {
	return [...]string{"nobody knows", "done", "not found", "already exists", "conflict"}[a]
}

// CheckOperations wants that what clients were answered is what one object after the other could have answered, each operation
// at some moment between call and return (I17), and that the server has executed each write at most once, once if it was
// done and not at all if it was refused (I16).
func (h *History) CheckOperations(operations []Operation) []Violation {
	r := report{}
	written := h.written()
	byKey := map[string][]Operation{}
	for _, o := range operations {
		byKey[o.Key] = append(byKey[o.Key], o)
		if o.Value == "" {
			continue
		}
		n := written[o.Value]
		if n > 1 || o.Answer == Done && n != 1 || o.Answer != Done && o.Answer != Unknown && n != 0 {
			r.add("I16", "%s; it was executed %d times", o, n)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		if !linear(byKey[key]) {
			r.add("I17", "there is no order of these operations in which each could have been answered as it was:\n    %s", listed(byKey[key]))
		}
	}
	return r.found
}

// ValueKey is the annotation that has the value of an object.
const ValueKey = "example.com/value"

// written is how often each value was written.
func (h *History) written() map[string]int {
	n := map[string]int{}
	for _, s := range h.steps {
		for _, c := range s.changes {
			if c.after == nil {
				continue
			}
			if value := c.after.GetAnnotations()[ValueKey]; c.before == nil || value != c.before.GetAnnotations()[ValueKey] {
				n[value]++
			}
		}
	}
	return n
}

func listed(operations []Operation) string {
	var lines []string
	for _, o := range slices.SortedFunc(slices.Values(operations), func(a, b Operation) int { return cmp.Compare(a.Called, b.Called) }) {
		lines = append(lines, o.String())
	}
	return strings.Join(lines, "\n    ")
}

// linear says whether operations on one object are linearizable. Of one about which nobody knows the effect may come at any time
// after the call: at the end of all, where nobody sees it, is as good as never.
func linear(operations []Operation) bool {
	var history []porcupine.Operation
	for _, o := range operations {
		returned := o.Returned
		if o.Answer == Unknown {
			returned = math.MaxInt64
		}
		history = append(history, porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Called, Return: returned})
	}
	return porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return register{} },
		Step: func(state, input, _ any) (bool, any) { return state.(register).step(input.(Operation)) },
	}, history)
}

// register is an object on the server. Its version is empty as long as nobody knows it who was answered.
type register struct {
	exists         bool
	value, version string
}

func (r register) step(o Operation) (bool, any) {
	after := register{exists: true, value: o.Value, version: o.GotVersion}
	switch o.Verb {
	case "get":
		switch o.Answer {
		case Done:
			known := register{exists: true, value: o.GotValue, version: o.GotVersion}
			return r.exists && r.value == o.GotValue && (r.version == "" || r.version == o.GotVersion), known
		case Absent:
			return !r.exists, r
		}
	case "create":
		switch o.Answer {
		case Done:
			return !r.exists, after
		case Taken:
			return r.exists, r
		case Unknown:
			if r.exists {
				return true, r
			}
			return true, after
		}
	case "update":
		fits := r.exists && r.version == o.Version
		switch o.Answer {
		case Done:
			return fits, after
		case Stale:
			return r.exists && !fits, r
		case Absent:
			return !r.exists, r
		case Unknown:
			if !fits {
				return true, r
			}
			return true, after
		}
	case "delete":
		switch o.Answer {
		case Done:
			return r.exists, register{}
		case Absent:
			return !r.exists, r
		case Unknown:
			return true, register{}
		}
	}
	return o.Answer == Unknown, r
}
