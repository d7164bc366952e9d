package customresource

import (
	"context"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// learn brings the catalog and the status of a definition in line with what it says.
func (c *Controller) learn(ctx context.Context, obj kind.Object) {
	key := definitionKey(obj.GetName())
	if current, ok := c.config.Store.Get(key); ok {
		if known := c.known[obj.GetName()]; known != nil && known.UID != current.GetUID() {
			c.forget(known) // it was deleted and created again
		}
	}
	// An error means that the storage is closed: nothing of this matters any more.
	_, _ = c.config.Store.Update(key, func(current kind.Object) (kind.Object, error) {
		u, ok := current.(*unstructured.Unstructured)
		if !ok {
			return current, nil // deleted meanwhile; the watch will say so
		}
		d := tryDefinition(u)
		if d == nil {
			c.withdraw(resourceOf(obj.GetName()))
			return current, nil
		}
		if d.DeletionTimestamp != nil {
			c.known[d.Name] = d
			c.serve(d, u)
			return current, nil
		}
		return c.accept(d, u), nil
	})
	if d := c.known[obj.GetName()]; d != nil && d.DeletionTimestamp != nil {
		c.deleteObjects(ctx, d)
	}
}

// accept gives a definition its names, and serves it if it is established, before anybody can see that it is. It returns stored, or the object to be stored
// in its place.
func (c *Controller) accept(d *CustomResourceDefinition, stored *unstructured.Unstructured) kind.Object {
	var others []*CustomResourceDefinition
	for name, other := range c.known {
		if name != d.Name && other.Spec.Group == d.Spec.Group {
			others = append(others, other)
		}
	}
	before := d.Status
	before.Conditions = append([]CustomResourceDefinitionCondition(nil), d.Status.Conditions...)
	before.StoredVersions = append([]string(nil), d.Status.StoredVersions...)
	now := timestamp(c.config.Now())
	defaultDefinition(d) // of who writes to the storage directly
	rememberStorage(d)
	acceptNames(d, newTaken(others), now)
	reviewApproval(d, now)
	c.known[d.Name] = d
	c.serve(d, stored)
	if reflect.DeepEqual(normal(before), normal(d.Status)) {
		return stored
	}
	next := stored.DeepCopy()
	writeDefinition(d, next)
	if c.config.Fields != nil {
		version := &c.definitions.Versions[0]
		t := kind.Target{Resource: c.definitions, Version: version, Name: d.Name, Subresource: version.Subresource("status")}
		// Managed fields that a client has made unreadable do not keep a definition from being established.
		if tracked, err := c.config.Fields(t, stored, next); err == nil {
			return tracked
		}
	}
	return next
}

// normal is a status in which what is empty is nil, as it is read from the storage.
func normal(s CustomResourceDefinitionStatus) CustomResourceDefinitionStatus {
	for _, list := range []*[]string{&s.AcceptedNames.ShortNames, &s.AcceptedNames.Categories, &s.StoredVersions} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	return s
}

// serve puts the resource of a definition into the catalog if it is established and has a version that is served; else it takes it out.
func (c *Controller) serve(d *CustomResourceDefinition, obj *unstructured.Unstructured) {
	resource := schema.GroupResource{Group: d.Spec.Group, Resource: d.Status.AcceptedNames.Plural}
	if !d.is(established) {
		c.withdraw(resourceOf(d.Name))
		return
	}
	old := c.find(resource)
	if old != nil && old.sameAs(d) {
		c.keep(resource, &served{definition: d, resource: old.resource, versions: old.versions})
		return
	}
	s := newServed(d, obj, c.config.Library, c.config.Now)
	if s == nil {
		c.withdraw(resource)
		return
	}
	c.keep(resource, s)
	c.config.Catalog.Add(s.resource)
}

// sameAs says whether a definition declares the very same resource.
func (s *served) sameAs(d *CustomResourceDefinition) bool {
	return reflect.DeepEqual(s.definition.Spec, d.Spec) && reflect.DeepEqual(s.definition.Status.AcceptedNames, d.Status.AcceptedNames)
}

func (c *Controller) keep(resource schema.GroupResource, s *served) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.served[resource] = s
}

// withdraw takes a resource out of the catalog, if it is there because of a definition.
func (c *Controller) withdraw(resource schema.GroupResource) {
	c.mu.Lock()
	_, ok := c.served[resource]
	delete(c.served, resource)
	c.mu.Unlock()
	if ok {
		c.config.Catalog.Remove(resource)
	}
}

// forget takes a definition that is gone out of everything, and what objects it has left behind out of the storage: there are some if it was deleted without
// BeginDelete.
func (c *Controller) forget(d *CustomResourceDefinition) {
	delete(c.known, d.Name)
	c.cancelDeletion(d)
	resource := resourceOf(d.Name)
	c.withdraw(resource)
	snapshot, err := c.config.Store.List(resource, "", 0)
	if err != nil {
		return
	}
	for _, obj := range snapshot.Objects {
		key := storage.Key{Resource: resource, Namespace: obj.GetNamespace(), Name: obj.GetName()}
		// An error means that the storage is closed.
		_, _ = c.config.Store.Update(key, func(kind.Object) (kind.Object, error) { return nil, nil })
	}
}

// resourceOf returns the resource that a definition of a name declares.
func resourceOf(name string) schema.GroupResource { return schema.ParseGroupResource(name) }
