package access

import (
	"fmt"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Attributes say what a request wants: what an Authorizer is asked. They are taken from method, path and query alone; whether there is such a resource is
// not known here.
type Attributes struct {
	User User
	// Verb is that of the API (get, list, watch, create, update, patch, delete, deletecollection) or, if Path is set, the method in lower case.
	Verb string

	Group, Version, Resource, Subresource string
	Namespace, Name                       string
	// Path is set for requests that are not to a resource: /version, /api.
	Path string
}

// Parse returns what a request wants, as kube-apiserver reads it. User is not set.
func Parse(r *http.Request) Attributes {
	info := request.Parse(r)
	if info.Resource == "" {
		return Attributes{Verb: info.Verb, Path: info.Path}
	}
	a := Attributes{
		Verb: info.Verb, Group: info.Group, Version: info.Version, Resource: info.Resource, Subresource: info.Subresource,
		Namespace: info.Namespace, Name: info.Name,
	}
	if !slices.Contains(request.Verbs, a.Verb) { // a method that has no meaning
		a.Verb = ""
	}
	return a
}

// groupResource is the resource as errors name it.
func (a *Attributes) groupResource() schema.GroupResource {
	return schema.GroupResource{Group: a.Group, Resource: a.Resource}
}

// forbidden is the answer to those who may not.
func (a *Attributes) forbidden(reason string) error {
	if reason != "" {
		reason = ": " + reason
	}
	if a.Path != "" {
		return apierrors.NewForbidden(schema.GroupResource{}, "", fmt.Errorf("User %q cannot %s path %q%s", a.User.Name, a.Verb, a.Path, reason))
	}
	resource := a.Resource
	if a.Subresource != "" {
		resource += "/" + a.Subresource
	}
	where := "at the cluster scope"
	if a.Namespace != "" {
		where = fmt.Sprintf("in the namespace %q", a.Namespace)
	}
	return apierrors.NewForbidden(a.groupResource(), a.Name,
		fmt.Errorf("User %q cannot %s resource %q in API group %q %s%s", a.User.Name, a.Verb, resource, a.Group, where, reason))
}
