package catalog

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// StorageKey names the collection that the objects of a resource are stored in: the
// resource itself, but for the events of events.k8s.io, which are those of the core group.
// When the key is not r.GroupResource(), the stored objects are of the kind that
// [StorageKind] returns.
func StorageKey(r *kind.Resource) schema.GroupResource {
	if row := tableRow(r); row != nil && row.Storage != "" {
		return schema.GroupResource{Group: row.storageKind().Group, Resource: r.Plural}
	}
	return r.GroupResource()
}

// StorageKind is the kind in which kube-apiserver stores the objects of a resource. Discovery
// publishes a hash of it. It is empty for resources that are not stored.
//
// The version need not be r.Storage, the one in which this server stores them, and not even
// be served.
func StorageKind(r *kind.Resource) schema.GroupVersionKind {
	switch row := tableRow(r); {
	case r.Storage == "":
		return schema.GroupVersionKind{}
	case row != nil:
		return row.storageKind()
	default:
		return schema.GroupVersionKind{Group: r.Group, Version: r.Storage, Kind: r.Kind}
	}
}

// Home returns the resource and the version that objects of r are stored as: those of r, but for the events of events.k8s.io,
// which are stored as those of the core group where that is served.
func (c *Catalog) Home(r *kind.Resource) (*kind.Resource, *kind.Version) {
	if stored := StorageKey(r); stored != r.GroupResource() {
		if other, v, ok := c.Lookup(stored.Group, StorageKind(r).Version, stored.Resource); ok {
			return other, v
		}
	}
	if v := r.Version(r.Storage); v != nil {
		return r, v
	}
	return r, &r.Versions[0] // the storage's version is not served, so that no type is known for it
}

// tableRow returns the row that a resource was made from; nil if it was not.
func tableRow(r *kind.Resource) *row {
	if r.Custom {
		return nil
	}
	if row := rowsByName()[r.GroupResource()]; row != nil && row.Kind == r.Kind {
		return row
	}
	return nil
}
