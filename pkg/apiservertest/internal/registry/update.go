package registry

import (
	"context"
	"fmt"
	"path"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Update replaces an object, or what its subresource shows of it.
func (r *Registry) Update(_ context.Context, req Request, obj kind.Object, o metav1.UpdateOptions) (Result, error) {
	if err := invalidOptions("UpdateOptions", metavalidation.ValidateUpdateOptions(&o)); err != nil {
		return Result{}, err
	}
	if err := matchName(obj, req.Target); err != nil {
		return Result{}, err
	}
	if err := matchNamespace(obj, req.Target); err != nil {
		return Result{}, err
	}
	v, err := r.view(req.Target)
	if err != nil {
		return Result{}, err
	}
	if !v.ownKind() {
		if obj, err = r.toStorage(obj, req.Target); err != nil {
			return Result{}, err
		}
	}
	w := r.newWrite(req, o.FieldManager, o.DryRun)
	result, err := w.commit(func(current kind.Object) (kind.Object, error) {
		return w.updateIn(v, current, obj.DeepCopyObject().(kind.Object))
	})
	return answerOf(v, result, err)
}

// updateIn is the change that an update makes.
func (w *write) updateIn(v view, current, obj kind.Object) (kind.Object, error) {
	t := w.req.Target
	if current == nil {
		if !w.strategy.createOnUpdate || t.Subresource != nil {
			return nil, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
		}
		if uid := obj.GetUID(); uid != "" {
			return nil, w.otherUID(string(uid), "")
		}
		obj.SetResourceVersion("")
		return w.createIn(nil, obj)
	}
	if uid := obj.GetUID(); uid != "" && uid != current.GetUID() {
		return nil, w.otherUID(string(uid), string(current.GetUID()))
	}
	if err := w.checkVersion(obj, current); err != nil {
		return nil, err
	}
	return w.replace(v, current, obj)
}

// checkVersion compares the resourceVersion that a client sent with that of the stored object.
func (w *write) checkVersion(obj, current kind.Object) error {
	t := w.req.Target
	at, err := parse("0" + obj.GetResourceVersion())
	if err != nil {
		_, err = parse(obj.GetResourceVersion())
		return plainError(err.Error())
	}
	switch {
	case at == 0 && w.strategy.conditional && (t.Subresource == nil || t.Subresource.Name != "scale"):
		resource := t.Resource.GroupResource()
		errs := field.ErrorList{field.Invalid(field.NewPath("metadata", "resourceVersion"), 0, "must be specified for an update")}
		err := apierrors.NewInvalid(groupKind(t), t.Name, errs)
		err.ErrStatus.Details.Kind = resource.Resource
		err.ErrStatus.Message = fmt.Sprintf("%s %q is invalid: %v", resource.String(), t.Name, errs.ToAggregate())
		return err
	case at != 0 && formatVersion(at) != current.GetResourceVersion():
		return modified(t.Resource.GroupResource(), t.Name)
	}
	return nil
}

// otherUID is the conflict of an update with the uid of another object of that name.
func (w *write) otherUID(asked, found string) error {
	t := w.req.Target
	return apierrors.NewConflict(t.Resource.GroupResource(), t.Name, fmt.Errorf("StorageError: invalid object, Code: 4, Key: %s, ResourceVersion: 0, "+
		"AdditionalErrorMsg: %w", registryPath(t), preconditionFailed(asked, found)))
}

// registryPath is where kube-apiserver keeps an object in etcd.
func registryPath(t kind.Target) string {
	directory := t.Resource.Plural
	switch {
	case t.Resource.Custom:
		directory = t.Resource.Group + "/" + directory
	case t.Resource.Group == "" && directory == "services":
		directory = "services/specs"
	case t.Resource.Group == "" && directory == "endpoints":
		directory = "services/endpoints"
	case t.Resource.Group == "" && directory == "nodes":
		directory = "minions"
	}
	return path.Join("/registry", directory, t.Namespace, t.Name)
}

// replace returns what is to be stored in place of current, given what a client sent of view v; nil if that ends a deletion.
func (w *write) replace(v view, current, sent kind.Object) (kind.Object, error) {
	t := w.req.Target
	if !v.ownKind() {
		var err error
		if sent, err = w.received(current, sent); err != nil {
			return nil, err
		}
	}
	obj, err := v.merge(w, current, sent)
	if err != nil {
		return nil, err
	}
	obj.SetResourceVersion(current.GetResourceVersion())
	keepMetadata(obj, current)
	if _, finalizing := v.(finalizers); w.strategy.keep != nil && !finalizing {
		w.strategy.keep(w.Registry, obj, current)
	}
	if w.strategy.generation && changed(obj, current, t.Version.Subresource("status") == nil) {
		obj.SetGeneration(current.GetGeneration() + 1)
	}
	errs := validateUpdate(obj, current, t)
	if w.strategy.check != nil {
		errs = append(errs, w.strategy.check(obj)...)
	}
	if w.strategy.immutable != nil && t.Subresource == nil {
		errs = append(errs, w.strategy.immutable(obj, current)...)
	}
	if err := w.admit(obj, current, errs); err != nil {
		return nil, err
	}
	if current.GetDeletionTimestamp() != nil && finished(obj) {
		w.object = obj // as it would have been; the deletion has a newer resourceVersion
		return nil, nil
	}
	if same(obj, current) {
		return current, nil
	}
	return obj, nil
}

// keepMetadata gives obj what no client changes, as far as it does not say otherwise: that is refused later.
func keepMetadata(obj, current kind.Object) {
	obj.SetNamespace(current.GetNamespace())
	obj.SetSelfLink("")
	obj.SetGeneration(current.GetGeneration())
	obj.SetCreationTimestamp(current.GetCreationTimestamp())
	if obj.GetUID() == "" {
		obj.SetUID(current.GetUID())
	}
	if obj.GetDeletionTimestamp() == nil {
		obj.SetDeletionTimestamp(current.GetDeletionTimestamp())
	}
	if obj.GetDeletionGracePeriodSeconds() == nil {
		obj.SetDeletionGracePeriodSeconds(current.GetDeletionGracePeriodSeconds())
	}
}

// finished reports whether nothing holds back the deletion of an object any longer.
func finished(obj kind.Object) bool {
	if !finishedNamespace(obj) {
		return false
	}
	grace := obj.GetDeletionGracePeriodSeconds()
	return len(obj.GetFinalizers()) == 0 && (grace == nil || *grace == 0)
}
