package testing

import (
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// fieldManagers keep the account of who set which field of an object.
type fieldManagers struct {
	scheme *runtime.Scheme
	types  managedfields.TypeConverter
}

// update writes into object, which it changes and returns, what a request changed in it; live is nil for a create. An object
// of a kind without a schema is written none the less, without an account.
func (m *fieldManagers) update(r request, live, object apiobject.Object) (apiobject.Object, error) {
	gvk, err := m.kindOf(r, object)
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(gvk)
	before, err := m.before(gvk, live)
	if err != nil {
		return nil, err
	}
	manager, err := m.manager(r, gvk)
	if err != nil {
		return nil, err
	}
	kept := before.GetManagedFields()
	updated, err := manager.Update(before, object, r.manager)
	if err != nil {
		object.SetManagedFields(apiobject.CopyEntries(kept))
		return object, nil //nolint:nilerr // the account of fields never stops a write but an apply
	}
	return finished(updated.(apiobject.Object), gvk), nil
}

// apply merges a configuration into live, nil to create an object.
func (m *fieldManagers) apply(r request, live apiobject.Object, configuration *unstructured.Unstructured, force bool) (apiobject.Object, error) {
	gvk := configuration.GroupVersionKind()
	before, err := m.before(gvk, live)
	if err != nil {
		return nil, err
	}
	manager, err := m.manager(r, gvk)
	if err != nil {
		return nil, err
	}
	applied, err := manager.Apply(before, configuration.DeepCopy(), r.manager, force)
	if err != nil {
		return nil, err
	}
	return finished(applied.(apiobject.Object), gvk), nil
}

func finished(object apiobject.Object, gvk schema.GroupVersionKind) apiobject.Object {
	object.GetObjectKind().SetGroupVersionKind(gvk)
	apiobject.RoundTimes(object)
	return object
}

// before returns a copy of live that says of which kind it is, an empty object if there is none.
func (m *fieldManagers) before(gvk schema.GroupVersionKind, live apiobject.Object) (apiobject.Object, error) {
	if live != nil {
		return apiobject.Copy(apiobject.WithKind(live, gvk)), nil
	}
	empty, err := m.scheme.New(gvk)
	if err != nil {
		return nil, err
	}
	object, err := objectOf(empty)
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(gvk)
	return object, nil
}

// manager is cheap to make; schemas are the type converter's matter.
func (m *fieldManagers) manager(r request, gvk schema.GroupVersionKind) (*managedfields.FieldManager, error) {
	return managedfields.NewDefaultFieldManager(m.types, m.scheme, m.scheme, m.scheme, gvk, gvk.GroupVersion(), r.subresource, nil)
}

// kindOf returns the kind of an object that is written to a resource.
func (m *fieldManagers) kindOf(r request, object apiobject.Object) (schema.GroupVersionKind, error) {
	kinds, _, err := m.scheme.ObjectKinds(object)
	if err != nil {
		return schema.GroupVersionKind{}, apierrors.NewBadRequest(err.Error())
	}
	here := slices.IndexFunc(kinds, func(gvk schema.GroupVersionKind) bool { return gvk.GroupVersion() == r.resource.GroupVersion() })
	return kinds[max(here, 0)], nil
}
