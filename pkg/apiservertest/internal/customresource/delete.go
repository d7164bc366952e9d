package customresource

import (
	"context"
	"errors"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// deleteObjects begins to delete the objects of a definition that is being deleted, unless that has begun already.
func (c *Controller) deleteObjects(ctx context.Context, d *CustomResourceDefinition) {
	if !slices.Contains(d.Finalizers, Finalizer) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deleting[string(d.UID)] != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	c.deleting[string(d.UID)] = cancel
	c.wg.Go(func() {
		defer c.cancelDeletion(d)
		c.finalize(ctx, d)
	})
}

func (c *Controller) cancelDeletion(d *CustomResourceDefinition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.deleting[string(d.UID)]; cancel != nil {
		cancel()
		delete(c.deleting, string(d.UID))
	}
}

// finalize deletes all objects of a definition, waits until they are gone, and removes the finalizer. It gives up when ctx ends, or when the definition has
// become another one.
func (c *Controller) finalize(ctx context.Context, d *CustomResourceDefinition) {
	c.change(d.Name, d.UID, func(d *CustomResourceDefinition, _ *unstructured.Unstructured, now metav1.Time) {
		d.setCondition(now, terminating, "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress")
	})
	if !c.empty(ctx, resourceOf(d.Name)) {
		return
	}
	c.change(d.Name, d.UID, func(d *CustomResourceDefinition, obj *unstructured.Unstructured, now metav1.Time) {
		d.setCondition(now, terminating, "False", "InstanceDeletionCompleted", "removed all instances")
		obj.SetFinalizers(slices.DeleteFunc(obj.GetFinalizers(), func(f string) bool { return f == Finalizer }))
	})
}

// empty deletes all objects of a resource, and waits until there is none; false if ctx or the storage ends before.
func (c *Controller) empty(ctx context.Context, resource schema.GroupResource) bool {
	for {
		snapshot, err := c.config.Store.List(resource, "", 0)
		if err != nil {
			return false
		}
		if len(snapshot.Objects) == 0 {
			return true
		}
		for _, obj := range snapshot.Objects {
			key := storage.Key{Resource: resource, Namespace: obj.GetNamespace(), Name: obj.GetName()}
			if _, err := c.config.Store.Update(key, c.beginObject); err != nil {
				return false
			}
		}
		watch, err := c.config.Store.Watch(resource, "", c.config.Store.Revision())
		if errors.Is(err, storage.ErrClosed) {
			return false
		}
		if err != nil {
			continue // compacted just now
		}
		if left, err := c.config.Store.List(resource, "", 0); err == nil && len(left.Objects) > 0 {
			_, _ = watch.Next(ctx) // whatever happens, look again
		}
		watch.Stop()
		if ctx.Err() != nil {
			return false
		}
	}
}

// beginObject deletes an object, or begins to if it has finalizers.
func (c *Controller) beginObject(current kind.Object) (kind.Object, error) {
	switch {
	case current == nil || len(current.GetFinalizers()) == 0:
		return nil, nil
	case current.GetDeletionTimestamp() != nil:
		return current, nil
	}
	obj := current.DeepCopyObject().(kind.Object)
	now, grace := timestamp(c.config.Now()), int64(0)
	obj.SetDeletionTimestamp(&now)
	obj.SetDeletionGracePeriodSeconds(&grace)
	obj.SetGeneration(obj.GetGeneration() + 1)
	return obj, nil
}

// change edits a definition, if it is still the one of a uid. It goes if it is being deleted and has no finalizer left.
func (c *Controller) change(name string, uid types.UID, edit func(*CustomResourceDefinition, *unstructured.Unstructured, metav1.Time)) {
	// An error means that the storage is closed.
	_, _ = c.config.Store.Update(definitionKey(name), func(current kind.Object) (kind.Object, error) {
		u, ok := current.(*unstructured.Unstructured)
		if !ok || u.GetUID() != uid || u.GetDeletionTimestamp() == nil {
			return current, nil
		}
		d := tryDefinition(u)
		if d == nil {
			return current, nil
		}
		next := u.DeepCopy()
		edit(d, next, timestamp(c.config.Now()))
		if len(next.GetFinalizers()) == 0 {
			return nil, nil
		}
		writeDefinition(d, next)
		return next, nil
	})
}
