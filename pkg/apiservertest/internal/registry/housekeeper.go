package registry

import (
	"context"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// The housekeeper is the one goroutine of a Registry: it does what follows from deletions, as controllers do in a cluster. It never polls: writes that can
// give it work wake it, and it works until nothing is left to do.

// keepHouse works until ctx ends.
func (r *Registry) keepHouse(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.work:
		}
		r.emptyNamespaces(ctx)
		if r.config.GarbageCollection {
			r.collectGarbage(ctx)
		}
	}
}

// Wake makes the housekeeper look for work that came otherwise than through the registry: seeded objects, a storage that was reset.
func (r *Registry) Wake() {
	select {
	case r.work <- struct{}{}:
	default: // is awake, and will look again
	}
}

// put is Store.Update, and wakes the housekeeper if that can be of interest to it.
func (r *Registry) put(k storage.Key, update func(current kind.Object) (kind.Object, error)) (kind.Object, error) {
	interesting := false
	stored, err := r.config.Store.Update(k, func(current kind.Object) (kind.Object, error) {
		next, err := update(current)
		interesting = err == nil && next != current && (next == nil || next.GetDeletionTimestamp() != nil || len(next.GetOwnerReferences()) > 0)
		return next, err
	})
	if interesting && err == nil {
		r.Wake()
	}
	return stored, err
}

// stored are the resources that are kept, each collection once.
func (r *Registry) stored() []*kind.Resource {
	return slices.DeleteFunc(slices.Clone(r.config.Catalog.All()), func(res *kind.Resource) bool {
		return res.Storage == "" || res.GroupResource() != key(kind.Target{Resource: res}).Resource
	})
}

// remove deletes an object as a controller does, if it is still the one that it was.
func (r *Registry) remove(ctx context.Context, res *kind.Resource, obj kind.Object, o metav1.DeleteOptions) {
	r.unprotect(res, obj)
	uid := obj.GetUID()
	o.Preconditions = &metav1.Preconditions{UID: &uid}
	_, _ = r.Delete(ctx, Request{Target: r.targetOf(res, obj)}, o) // gone, or another one: nothing is left to do
}

func (r *Registry) targetOf(res *kind.Resource, obj kind.Object) kind.Target {
	_, version := r.home(res)
	return kind.Target{Resource: res, Version: version, Namespace: obj.GetNamespace(), Name: obj.GetName()}
}

// amend changes an object as a controller does; nothing happens if it is gone. change gets a copy; an object that is being deleted goes if nothing holds it
// any more.
func (r *Registry) amend(res *kind.Resource, obj kind.Object, change func(kind.Object)) {
	_, _ = r.put(key(r.targetOf(res, obj)), func(current kind.Object) (kind.Object, error) {
		if current == nil || current.GetUID() != obj.GetUID() {
			return current, nil
		}
		next := current.DeepCopyObject().(kind.Object)
		change(next)
		if next.GetDeletionTimestamp() != nil && finished(next) {
			return nil, nil
		}
		if same(next, current) {
			return current, nil
		}
		return next, nil
	})
}

// without returns finalizers without one of them.
func without(finalizers []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(finalizers), func(f string) bool { return f == name })
}
