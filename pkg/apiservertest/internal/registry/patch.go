package registry

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// Patch changes an object, or what its subresource shows of it. Server-side apply creates what does not exist. There are no
// conflicts but those that a patch asks for by a resourceVersion: one that was overtaken is done again.
func (r *Registry) Patch(_ context.Context, req Request, typ types.PatchType, body []byte, o metav1.PatchOptions) (Result, error) {
	if err := invalidOptions("PatchOptions", metavalidation.ValidatePatchOptions(&o, typ)); err != nil {
		return Result{}, err
	}
	v, err := r.view(req.Target)
	if err != nil {
		return Result{}, err
	}
	w := r.newWrite(req, o.FieldManager, o.DryRun)
	change := func(current kind.Object) (kind.Object, error) { return w.patchIn(v, current, typ, body, o) }
	if typ == types.ApplyPatchType || typ == types.ApplyYAMLPatchType {
		change = func(current kind.Object) (kind.Object, error) { return w.applyIn(v, current, body, o) }
	}
	result, err := w.commit(change)
	return answerOf(v, result, err)
}

func (w *write) patchIn(v view, current kind.Object, typ types.PatchType, body []byte, o metav1.PatchOptions) (kind.Object, error) {
	t := w.req.Target
	if current == nil {
		return nil, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
	}
	shown, err := v.show(current)
	if err != nil {
		return nil, err
	}
	request := patch.Request{Type: typ, Kind: t.Resource.GroupVersionKind(t.Version), Body: body, Validation: o.FieldValidation}
	if v.ownKind() {
		request.Kind = t.Subresource.Kind
	} else {
		if shown, err = w.config.Convert(shown, t.Version, t.Resource); err != nil {
			return nil, err
		}
		if rules := w.rules(t.Resource); rules != nil {
			request.Prune = func(object map[string]any) []string { return rules.Prune(t.Version, object) }
		}
	}
	patched, warnings, err := patch.Patch(shown, request)
	w.warnings = append(w.warnings, warnings...)
	if err != nil {
		return nil, err
	}
	return w.patched(v, current, patched)
}

// patched stores what a patch made of a view of current.
func (w *write) patched(v view, current, obj kind.Object) (kind.Object, error) {
	t := w.req.Target
	if err := matchName(obj, t); err != nil {
		return nil, err
	}
	if err := matchNamespace(obj, t); err != nil {
		return nil, err
	}
	if obj.GetResourceVersion() == "" {
		obj.SetResourceVersion(current.GetResourceVersion())
	}
	if err := w.checkVersion(obj, current); err != nil {
		return nil, err
	}
	if !v.ownKind() {
		var err error
		if obj, err = w.toStorage(obj, t); err != nil {
			return nil, err
		}
	}
	return w.replace(v, current, obj)
}

func (w *write) applyIn(v view, current kind.Object, body []byte, o metav1.PatchOptions) (kind.Object, error) {
	t := w.req.Target
	if w.config.Fields == nil {
		return nil, apierrors.NewBadRequest("server-side apply needs field managers: this server is configured without")
	}
	if current == nil && t.Subresource != nil {
		return nil, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
	}
	live := current
	if s, ok := v.(scale); ok {
		var err error
		if live, err = s.tracked(current); err != nil {
			return nil, err
		}
	}
	options := fieldmanager.ApplyOptions{Manager: w.manager, Force: o.Force != nil && *o.Force, Validation: o.FieldValidation}
	applied, warnings, err := w.config.Fields.Apply(t, live, body, options)
	w.warnings = append(w.warnings, warnings...)
	if err != nil {
		return nil, err
	}
	w.applied = true
	wholeSeconds(applied)
	if current != nil {
		return w.patched(v, current, applied)
	}
	if err := matchName(applied, t); err != nil {
		return nil, err
	}
	if err := matchNamespace(applied, t); err != nil {
		return nil, err
	}
	if uid := applied.GetUID(); uid != "" {
		return nil, apierrors.NewConflict(t.Resource.GroupResource(), t.Name, fmt.Errorf("uid mismatch: the provided object specified uid %s, and no existing object was found", uid))
	}
	applied.SetResourceVersion("")
	return w.createIn(nil, applied)
}
