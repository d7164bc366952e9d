package endpoint

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// errNoPage is answered with a page, not with a Status: it is what kube-apiserver has where no API is.
var errNoPage = errors.New("404 page not found")

// errNoResource is for paths below a known group that lead nowhere.
var errNoResource = &apierrors.StatusError{ErrStatus: metav1.Status{
	Status: metav1.StatusFailure, Code: http.StatusNotFound, Reason: metav1.StatusReasonNotFound, Details: &metav1.StatusDetails{},
	Message: "the server could not find the requested resource",
}}

var errMethodNotAllowed = &apierrors.StatusError{ErrStatus: metav1.Status{
	Status: metav1.StatusFailure, Code: http.StatusMethodNotAllowed, Reason: metav1.StatusReasonMethodNotAllowed, Details: &metav1.StatusDetails{},
	Message: "the server does not allow this method on the requested resource",
}}

// resolve finds what a request is addressed to, and whether its method has a meaning there.
func (h *Handler) resolve(r *http.Request) (*call, error) {
	if before, after, ok := strings.Cut(r.URL.Path, "/namespaces//"); ok { // all namespaces, as the router of kube-apiserver reads it
		r = r.Clone(r.Context())
		r.URL.Path = before + "/" + after
	}
	a := access.Parse(r)
	if a.Resource == "" { // the path may be empty, too: that of CONNECT is
		return nil, errNoPage
	}
	parts := behindNamespace(r.URL.Path, a)
	if strings.Contains(r.URL.Path, "//") || len(parts) > 3 || parts[0] != a.Resource || len(parts) == 3 && parts[2] != a.Subresource {
		return nil, h.nowhere(a.Group)
	}
	resource, version, ok := h.config.Catalog.Lookup(a.Group, a.Version, a.Resource)
	if !ok {
		return nil, h.nowhere(a.Group)
	}
	t := kind.Target{Resource: resource, Version: version, Namespace: a.Namespace}
	if len(parts) > 1 { // else the attributes have the name that a field selector asks for: the target is a collection still
		t.Name = a.Name
	}
	if isNamespaces(resource) {
		t.Namespace = "" // a namespace is not in itself
	}
	if resource.Namespaced && t.Namespace == "" && t.Name != "" || !resource.Namespaced && t.Namespace != "" {
		return nil, h.nowhere(a.Group)
	}
	verbs := version.Verbs
	if a.Subresource != "" {
		if t.Subresource = version.Subresource(a.Subresource); t.Subresource == nil {
			if resource.Custom {
				return nil, apierrors.NewNotFound(resource.GroupResource(), a.Name) // as if it were the object that is not there
			}
			return nil, h.nowhere(a.Group)
		}
		verbs = t.Subresource.Verbs
	}
	if resource.Custom && t.Name == "" && (a.Verb == "update" || a.Verb == "patch") {
		return nil, apierrors.NewBadRequest("name must be provided")
	}
	if r.Method == http.MethodHead || !slices.Contains(verbs, a.Verb) || misplaced(a.Verb, t) {
		return nil, errMethodNotAllowed
	}
	if problems := content.IsPathSegmentName(t.Name); len(problems) > 0 {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("Name parameter invalid: %q: %s", t.Name, strings.Join(problems, ";")))
	}
	return &call{Handler: h, verb: a.Verb, req: registry.Request{Target: t, User: user(r.Context()), Manager: fieldmanager.ManagerName("", r.UserAgent())}}, nil
}

// behindNamespace returns the parts of a path that name the resource, the object and the subresource; none if it is to no resource.
func behindNamespace(path string, a access.Attributes) []string {
	parts := strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
	skip := 2 // api, v1
	if a.Group != "" {
		skip = 3
	}
	if len(parts) > skip+1 && parts[skip] == "watch" {
		skip++
	}
	if a.Namespace != "" && a.Resource != "namespaces" && len(parts) > skip+2 && parts[skip] == "namespaces" && parts[skip+2] == a.Resource {
		skip += 2
	}
	return parts[min(skip, len(parts)):]
}

func isNamespaces(r *kind.Resource) bool { return r.Group == "" && r.Plural == "namespaces" }

// nowhere is the error of a path that leads to no resource of a group.
func (h *Handler) nowhere(group string) error {
	if group == "" {
		return errNoResource
	}
	for _, r := range h.config.Catalog.All() {
		if r.Group == group && !r.Custom {
			return errNoResource
		}
	}
	return errNoPage
}

// misplaced says whether the verb is not for such a target: objects are created in a collection and in a namespace.
func misplaced(verb string, t kind.Target) bool {
	switch verb {
	case "create":
		return t.Subresource == nil && t.Name != "" || t.Resource.Namespaced && t.Namespace == ""
	case "update", "patch", "delete":
		return t.Name == ""
	case "deletecollection":
		return t.Resource.Namespaced && t.Namespace == ""
	}
	return false
}
