package request

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Match selects requests. What is not set selects all; what is set must all be true.
type Match struct {
	// Verbs are some of those of package variable Verbs, or methods in lower case for what is no resource.
	Verbs []string
	// Resources select requests for these only. The core group is "".
	Resources []schema.GroupResource
	// Subresources select requests for these only. "" stands for the object itself.
	Subresources []string
	Namespace    string
	Name         string
	User         string
	// UserAgent is a part of the header.
	UserAgent string
	// Path is what the path begins with.
	Path string
	// Where decides about requests that all else selects. It may be called concurrently.
	Where func(Info) bool
}

// Validate says what can select nothing, because no request has it.
func (m Match) Validate() error {
	for _, v := range m.Verbs {
		if v == "" || v != strings.ToLower(v) {
			return fmt.Errorf("verb %q: verbs are in lower case: one of %s, or a method for paths that are no resources", v, strings.Join(Verbs, ", "))
		}
	}
	for _, r := range m.Resources {
		if r.Resource == "" || strings.ContainsRune(r.Resource, '/') {
			return fmt.Errorf("resource %q: the plural name is needed, subresources have a field of their own", r.String())
		}
	}
	if m.Path != "" && !strings.HasPrefix(m.Path, "/") {
		return fmt.Errorf("path %q: paths begin with a slash", m.Path)
	}
	return nil
}

// Selects says whether a request is one of those that are meant.
func (m Match) Selects(i Info) bool {
	return has(m.Verbs, i.Verb) &&
		has(m.Resources, i.GroupResource()) &&
		has(m.Subresources, i.Subresource) &&
		is(m.Namespace, i.Namespace) &&
		is(m.Name, i.Name) &&
		is(m.User, i.User) &&
		strings.Contains(i.UserAgent, m.UserAgent) &&
		strings.HasPrefix(i.Path, m.Path) &&
		(m.Where == nil || m.Where(i))
}

func has[T comparable](wanted []T, got T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, got)
}

func is(wanted, got string) bool { return wanted == "" || wanted == got }
