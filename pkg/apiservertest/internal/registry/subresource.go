package registry

import (
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// created are the subresources that are created: requests to do something with an object.
var created = map[string]func(r *Registry, req Request, obj kind.Object, o metav1.CreateOptions) (Result, error){
	"pods/binding":          (*Registry).bind,
	"pods/eviction":         (*Registry).evict,
	"serviceaccounts/token": (*Registry).issueToken,
}

// bindings is the older way to bind a pod: a resource that is only created.
var bindings = core("bindings")

func (r *Registry) createBinding(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	pods, version, ok := r.config.Catalog.Lookup("", "v1", "pods")
	if !ok {
		return Result{}, apierrors.NewNotFound(core("pods"), obj.GetName())
	}
	req.Target = kind.Target{Resource: pods, Version: version, Namespace: req.Target.Namespace, Name: obj.GetName()}
	return r.bind(req, obj, o)
}

func (r *Registry) createSubresource(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	t := req.Target
	do := created[t.Resource.Plural+"/"+t.Subresource.Name]
	if do == nil || t.Resource.Group != "" {
		return Result{}, apierrors.NewMethodNotSupported(t.Resource.GroupResource(), "create")
	}
	return do(r, req, obj, o)
}

// done is the answer to what has been done.
func done() Result {
	return Result{Object: &metav1.Status{Status: metav1.StatusSuccess, Code: http.StatusCreated}, Code: http.StatusCreated}
}

// sameName refuses a subresource that names another object than the path does; kind is its own.
func sameName(obj kind.Object, t kind.Target, kind string) error {
	if name := obj.GetName(); name != "" && name != t.Name {
		return apierrors.NewBadRequest("name in URL does not match name in " + kind + " object")
	}
	return nil
}
