package registry

import (
	"context"
	"fmt"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Create stores a new object, or does what creating a subresource means (subresource.go). The target's name is that of the subresource's object, otherwise
// empty.
func (r *Registry) Create(ctx context.Context, req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	if err := invalidOptions("CreateOptions", metavalidation.ValidateCreateOptions(&o)); err != nil {
		return Result{}, err
	}
	if err := matchNamespace(obj, req.Target); err != nil {
		return Result{}, err
	}
	if req.Target.Subresource != nil {
		return r.createSubresource(req, obj, o)
	}
	if req.Target.Resource.GroupResource() == bindings {
		return r.createBinding(req, obj, o)
	}
	if answer := r.config.Virtual[req.Target.Resource.GroupResource()]; answer != nil {
		answered, err := answer(ctx, req, obj)
		return Result{Object: answered, Code: http.StatusCreated}, err
	}
	stored, err := r.toStorage(obj, req.Target)
	if err != nil {
		return Result{}, err
	}
	return r.create(req, stored, o)
}

// create stores an object of the storage's version, under a generated name if it asks for one.
func (r *Registry) create(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	prefix := obj.GetGenerateName()
	if obj.GetName() != "" || prefix == "" {
		return r.createNamed(req, obj, o)
	}
	resource := req.Target.Resource.GroupResource()
	if err := r.checkNamespace(req.Target, prefix); err != nil {
		return Result{}, err
	}
	for range apiobject.NameAttempts {
		attempt := obj.DeepCopyObject().(kind.Object)
		attempt.SetName(apiobject.GenerateName(prefix))
		if result, err := r.createNamed(req, attempt, o); !apierrors.IsAlreadyExists(err) {
			return result, err
		}
	}
	return Result{}, apierrors.NewGenerateNameConflict(resource, prefix, 1)
}

func (r *Registry) createNamed(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	req.Target.Name = obj.GetName()
	w := r.newWrite(req, o.FieldManager, o.DryRun)
	return w.commit(func(current kind.Object) (kind.Object, error) {
		return w.createIn(current, obj.DeepCopyObject().(kind.Object))
	})
}

// createIn is the change that a create makes.
func (w *write) createIn(current, obj kind.Object) (kind.Object, error) {
	t := w.req.Target
	if err := w.checkNamespace(t, t.Name); err != nil {
		return nil, err
	}
	obj.SetDeletionTimestamp(nil)
	obj.SetDeletionGracePeriodSeconds(nil)
	obj, err := w.received(nil, obj)
	if err != nil {
		return nil, err
	}
	if err := w.prepareNew(obj); err != nil {
		return nil, err
	}
	if current != nil {
		exists := apierrors.NewAlreadyExists(t.Resource.GroupResource(), t.Name)
		if current.GetDeletionTimestamp() != nil {
			exists.ErrStatus.Message = "object is being deleted: " + exists.ErrStatus.Message
		}
		return nil, exists
	}
	return obj, nil
}

// checkNamespace refuses new objects in namespaces that do not exist, or not for long. Where namespaces are not served there is none to ask.
func (r *Registry) checkNamespace(t kind.Target, name string) error {
	if t.Namespace == "" || !r.servesNamespaces() {
		return nil
	}
	found, ok := r.config.Store.Get(storage.Key{Resource: namespaces, Name: t.Namespace})
	if !ok {
		return apierrors.NewNotFound(namespaces, t.Namespace)
	}
	if found.GetDeletionTimestamp() == nil {
		return nil
	}
	err := apierrors.NewForbidden(t.Resource.GroupResource(), name, fmt.Errorf("unable to create new content in namespace %s because it is being terminated", t.Namespace))
	err.ErrStatus.Details.Causes = append(err.ErrStatus.Details.Causes, metav1.StatusCause{
		Type:    corev1.NamespaceTerminatingCause,
		Message: fmt.Sprintf("namespace %s is being terminated", t.Namespace),
		Field:   "metadata.namespace",
	})
	return err
}
