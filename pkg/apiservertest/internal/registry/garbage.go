package registry

import (
	"context"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// owned is an object and its resource.
type owned struct {
	res *kind.Resource
	obj kind.Object
}

// collectGarbage does what https://kubernetes.io/docs/concepts/architecture/garbage-collection/ says about owners and dependents: dependents of owners that
// do not exist are deleted; an owner with the finalizer orphan is taken out of its dependents' references; one with foregroundDeletion waits for those that
// block it.
func (r *Registry) collectGarbage(ctx context.Context) {
	owners := map[types.UID]owned{}
	dependents := map[types.UID][]owned{}
	for _, res := range r.stored() {
		all, err := r.config.Store.List(catalog.StorageKey(res), "", 0)
		if err != nil {
			return
		}
		for _, obj := range all.Objects {
			o := owned{res, obj}
			owners[obj.GetUID()] = o
			for _, ref := range obj.GetOwnerReferences() {
				dependents[ref.UID] = append(dependents[ref.UID], o)
			}
		}
	}
	for uid, owner := range owners {
		if owner.obj.GetDeletionTimestamp() == nil {
			continue
		}
		if slices.Contains(owner.obj.GetFinalizers(), metav1.FinalizerOrphanDependents) {
			r.orphan(owner, dependents[uid])
		}
		if slices.Contains(owner.obj.GetFinalizers(), metav1.FinalizerDeleteDependents) {
			r.deleteInForeground(ctx, owner, dependents[uid])
		}
	}
	for uid, orphans := range dependents {
		if _, exists := owners[uid]; exists {
			continue
		}
		for _, o := range orphans {
			r.deleteIfUnowned(ctx, o, owners)
		}
	}
}

// orphan takes an owner out of its dependents, and then lets it go.
func (r *Registry) orphan(owner owned, dependents []owned) {
	uid := owner.obj.GetUID()
	for _, d := range dependents {
		r.amend(d.res, d.obj, func(obj kind.Object) { dropOwners(obj, func(ref metav1.OwnerReference) bool { return ref.UID == uid }) })
	}
	r.amend(owner.res, owner.obj, func(obj kind.Object) {
		obj.SetFinalizers(without(obj.GetFinalizers(), metav1.FinalizerOrphanDependents))
	})
}

// deleteInForeground deletes the dependents of an owner, and lets the owner go when none is left that blocks it.
func (r *Registry) deleteInForeground(ctx context.Context, owner owned, dependents []owned) {
	blocked := false
	for _, d := range dependents {
		if d.obj.GetDeletionTimestamp() == nil {
			foreground := metav1.DeletePropagationForeground
			r.remove(ctx, d.res, d.obj, metav1.DeleteOptions{PropagationPolicy: &foreground})
		}
		if _, found := r.config.Store.Get(key(r.targetOf(d.res, d.obj))); found && blocks(d.obj, owner.obj.GetUID()) {
			blocked = true
		}
	}
	if !blocked {
		r.amend(owner.res, owner.obj, func(obj kind.Object) {
			obj.SetFinalizers(without(obj.GetFinalizers(), metav1.FinalizerDeleteDependents))
		})
	}
}

func blocks(dependent kind.Object, owner types.UID) bool {
	return slices.ContainsFunc(dependent.GetOwnerReferences(), func(ref metav1.OwnerReference) bool {
		return ref.UID == owner && ref.BlockOwnerDeletion != nil && *ref.BlockOwnerDeletion
	})
}

// deleteIfUnowned deletes an object if all its owners are gone; else it drops the references to those that are.
func (r *Registry) deleteIfUnowned(ctx context.Context, o owned, owners map[types.UID]owned) {
	gone := func(ref metav1.OwnerReference) bool {
		_, exists := owners[ref.UID]
		return !exists
	}
	if !slices.ContainsFunc(o.obj.GetOwnerReferences(), func(ref metav1.OwnerReference) bool { return !gone(ref) }) {
		if o.obj.GetDeletionTimestamp() == nil {
			background := metav1.DeletePropagationBackground
			r.remove(ctx, o.res, o.obj, metav1.DeleteOptions{PropagationPolicy: &background})
		}
		return
	}
	r.amend(o.res, o.obj, func(obj kind.Object) { dropOwners(obj, gone) })
}

func dropOwners(obj kind.Object, drop func(metav1.OwnerReference) bool) {
	obj.SetOwnerReferences(slices.DeleteFunc(slices.Clone(obj.GetOwnerReferences()), drop))
}
