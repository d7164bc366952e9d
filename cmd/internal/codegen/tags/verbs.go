package tags

import "slices"

// The verbs of a client, as tags spell them.
const (
	Create           = "create"
	Update           = "update"
	UpdateStatus     = "updateStatus"
	Delete           = "delete"
	DeleteCollection = "deleteCollection"
	Get              = "get"
	List             = "list"
	Watch            = "watch"
	Patch            = "patch"
	Apply            = "apply"
	ApplyStatus      = "applyStatus"
)

var (
	// allVerbs is in the order in which methods stand in a client's interface.
	allVerbs      = []string{Create, Update, UpdateStatus, Delete, DeleteCollection, Get, List, Watch, Patch, Apply, ApplyStatus}
	readonlyVerbs = []string{Get, List, Watch}

	// methodVerbs are the verbs of +genclient:method, all of which return an object; inputVerbs are those of them that
	// take one.
	methodVerbs = []string{Create, Update, Get, List, Patch, Apply}
	inputVerbs  = []string{Create, Update, Apply}
)

// Verbs is a set of verbs.
type Verbs map[string]bool

// verbsExcept returns all verbs but the given ones.
func verbsExcept(skip []string) Verbs {
	verbs := Verbs{}
	for _, verb := range allVerbs {
		if !slices.Contains(skip, verb) {
			verbs[verb] = true
		}
	}
	return verbs
}

// verbsOf returns the set of the given verbs.
func verbsOf(only []string) Verbs {
	verbs := Verbs{}
	for _, verb := range only {
		verbs[verb] = true
	}
	return verbs
}

// List returns the verbs in the order in which methods stand in a client's interface.
func (v Verbs) List() []string {
	var list []string
	for _, verb := range allVerbs {
		if v[verb] {
			list = append(list, verb)
		}
	}
	return list
}
