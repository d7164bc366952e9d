package request

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Verbs are those that requests for resources have. Other requests have their method, in lower case.
var Verbs = []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}

// Info is what a request asks for.
type Info struct {
	Method string
	Path   string
	Query  url.Values

	// Verb is one of Verbs for resources, else the method in lower case.
	Verb string
	// Group and Version are also set for discovery of a group version; Resource is not.
	Group, Version string
	// Resource is the plural name in the path; empty for requests that are for no resource.
	Resource    string
	Subresource string
	Namespace   string
	// Name is also that of a list or watch whose field selector asks for one object.
	Name string

	// User is empty for the anonymous one, and where nobody was asked.
	User      string
	UserAgent string
}

// GroupResource is empty for requests that are for no resource.
func (i Info) GroupResource() schema.GroupResource {
	if i.Resource == "" {
		return schema.GroupResource{}
	}
	return schema.GroupResource{Group: i.Group, Resource: i.Resource}
}

// GroupVersionResource is empty for requests that are for no resource.
func (i Info) GroupVersionResource() schema.GroupVersionResource {
	return i.GroupResource().WithVersion(i.Version)
}

// String is for messages: the verb, then the resource and the object, else the path.
func (i Info) String() string {
	if i.Resource == "" {
		return i.Verb + " " + i.Path
	}
	s := i.Verb + " " + i.GroupResource().String()
	if i.Subresource != "" {
		s += "/" + i.Subresource
	}
	switch {
	case i.Namespace != "":
		s += " " + i.Namespace + "/" + i.Name
	case i.Name != "":
		s += " " + i.Name
	}
	return s
}

// Parse never fails: what is no request for a resource is one for a path. User stays empty.
func Parse(r *http.Request) Info {
	i := Info{
		Method:    r.Method,
		Path:      r.URL.Path,
		Query:     r.URL.Query(),
		Verb:      strings.ToLower(r.Method),
		UserAgent: r.UserAgent(),
	}
	parts := strings.FieldsFunc(i.Path, func(c rune) bool { return c == '/' })
	switch {
	case len(parts) >= 2 && parts[0] == "api":
		i.Version, parts = parts[1], parts[2:]
	case len(parts) >= 3 && parts[0] == "apis":
		i.Group, i.Version, parts = parts[1], parts[2], parts[3:]
	default:
		return i
	}
	if len(parts) > 0 {
		i.address(parts)
	}
	return i
}

// address reads the parts of a path behind the version of the group.
func (i *Info) address(parts []string) {
	watch := parts[0] == "watch" && len(parts) > 1 // the paths of before the query parameter
	if watch {
		parts = parts[1:]
	}
	if parts[0] == "namespaces" && len(parts) > 1 {
		i.Namespace = parts[1]
		if len(parts) > 2 && !slices.Contains([]string{"status", "finalize"}, parts[2]) {
			parts = parts[2:]
		}
	}
	i.Resource = parts[0]
	if len(parts) > 1 {
		i.Name = parts[1]
	}
	if len(parts) > 2 {
		i.Subresource = parts[2]
	}
	i.Verb = i.verb(watch)
	if i.Name == "" && i.Verb != "create" {
		i.Name = i.selectedName()
	}
}

func (i *Info) verb(watch bool) string {
	switch {
	case i.Method == http.MethodPost:
		return "create"
	case i.Method == http.MethodPut:
		return "update"
	case i.Method == http.MethodDelete && i.Name == "":
		return "deletecollection"
	case i.Method != http.MethodGet && i.Method != http.MethodHead:
		return strings.ToLower(i.Method)
	case watch, i.Name == "" && isTrue(i.Query["watch"]):
		return "watch"
	case i.Name == "":
		return "list"
	default:
		return "get"
	}
}

// isTrue reads a parameter as the API machinery does: what is there and does not deny is true.
func isTrue(values []string) bool {
	return len(values) > 0 && !slices.Contains([]string{"false", "0"}, strings.ToLower(values[0]))
}

func (i *Info) selectedName() string {
	selector, err := fields.ParseSelector(i.Query.Get("fieldSelector"))
	if err != nil {
		return ""
	}
	name, _ := selector.RequiresExactMatch("metadata.name")
	return name
}
