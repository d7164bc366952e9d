package registry

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// key is where the object of a target is stored.
func key(t kind.Target) storage.Key {
	return storage.Key{Resource: catalog.StorageKey(t.Resource), Namespace: t.Namespace, Name: t.Name}
}

// home returns the resource and the version that objects of res are stored as.
func (r *Registry) home(res *kind.Resource) (*kind.Resource, *kind.Version) {
	return r.config.Catalog.Home(res)
}

// store converts an object that a client sent to the version that the storage has.
func (r *Registry) toStorage(obj kind.Object, t kind.Target) (kind.Object, error) {
	res, v := r.home(t.Resource)
	return r.config.Convert(obj, v, res)
}

// groupKind is what errors about the fields of an object name.
func groupKind(t kind.Target) schema.GroupKind {
	return schema.GroupKind{Group: t.Resource.Group, Kind: t.Resource.Kind}
}
