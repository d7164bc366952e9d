package testing

import (
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// server is what reactions need of a tracker: writes that answer with what is stored then.
type server interface {
	ObjectTracker
	create(r request, obj runtime.Object) (runtime.Object, error)
	update(r request, obj runtime.Object) (runtime.Object, error)
	patch(r request, name string, change change) (runtime.Object, error)
	apply(r request, configuration *unstructured.Unstructured, force bool) (runtime.Object, error)
	deleteCollection(a DeleteCollectionActionImpl) (handled bool, err error)
	// kinds makes objects of kinds; nil if the tracker has none.
	kinds() runtime.ObjectCreater
}

func serverOf(t ObjectTracker) server {
	if own, ok := t.(*tracker); ok {
		return own
	}
	return foreign{t}
}

func (t *tracker) kinds() runtime.ObjectCreater { return t.scheme }

// deleteCollection deletes what is selected when it begins, one by one.
func (t *tracker) deleteCollection(a DeleteCollectionActionImpl) (bool, error) {
	selects, err := selection(a.ListOptions)
	if err != nil {
		return true, err
	}
	all, err := t.store.List(resourceOf(a.Resource), a.Namespace, 0)
	if err != nil {
		return true, err
	}
	for _, object := range all.Objects {
		if !selects(object) {
			continue
		}
		err := t.Delete(a.Resource, object.GetNamespace(), object.GetName(), a.DeleteOptions)
		if err != nil && !apierrors.IsNotFound(err) {
			return true, err
		}
	}
	return true, nil
}

// foreign is a server on a tracker of somebody else, which may be one of ours in a wrapping.
type foreign struct{ ObjectTracker }

func (f foreign) create(r request, obj runtime.Object) (runtime.Object, error) {
	object, err := objectOf(obj)
	if err != nil {
		return nil, err
	}
	return named(r, object, func() (runtime.Object, error) {
		return f.after(r, object.GetName(), f.Create(r.resource, object, r.namespace, metav1.CreateOptions{FieldManager: r.manager, DryRun: r.dryRun}))
	})
}

func (f foreign) update(r request, obj runtime.Object) (runtime.Object, error) {
	object, err := objectOf(obj)
	if err != nil {
		return nil, err
	}
	return f.after(r, object.GetName(), f.Update(r.resource, object, r.namespace, metav1.UpdateOptions{FieldManager: r.manager, DryRun: r.dryRun}))
}

func (f foreign) patch(r request, name string, change change) (runtime.Object, error) {
	obj, err := f.Get(r.resource, r.namespace, name)
	if err != nil {
		return nil, err
	}
	current, err := objectOf(obj)
	if err != nil {
		return nil, err
	}
	object, err := change(current)
	if err != nil {
		return nil, err
	}
	return f.after(r, name, f.Patch(r.resource, object, r.namespace, metav1.PatchOptions{FieldManager: r.manager, DryRun: r.dryRun}))
}

func (f foreign) apply(r request, configuration *unstructured.Unstructured, force bool) (runtime.Object, error) {
	opts := metav1.PatchOptions{FieldManager: r.manager, DryRun: r.dryRun, Force: &force}
	return f.after(r, configuration.GetName(), f.Apply(r.resource, configuration, r.namespace, opts))
}

func (f foreign) deleteCollection(DeleteCollectionActionImpl) (bool, error) {
	return false, errors.New("a tracker that is not of this package cannot list objects without their kind")
}

func (f foreign) kinds() runtime.ObjectCreater { return nil }

// after returns the object after a write.
func (f foreign) after(r request, name string, err error) (runtime.Object, error) {
	if err != nil {
		return nil, err
	}
	return f.Get(r.resource, r.namespace, name)
}
