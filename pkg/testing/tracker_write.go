package testing

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// request is what writes have in common: where they go, and what the options say that all verbs have.
type request struct {
	resource    schema.GroupVersionResource
	subresource string
	namespace   string
	manager     string // the option fieldManager
	dryRun      []string
}

func (r request) notFound(name string) error {
	return apierrors.NewNotFound(r.resource.GroupResource(), name)
}

// change returns what shall be stored in place of current, which is nil if there is nothing, and not to be changed; nil deletes.
// What it returns is a new object. It may be called more than once, and does nothing else.
type change func(current apiobject.Object) (apiobject.Object, error)

// Create implements ObjectTracker. A name is generated if obj asks for one.
func (t *tracker) Create(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.CreateOptions) error {
	o := option(opts)
	_, err := t.create(request{resource: gvr, namespace: ns, manager: o.FieldManager, dryRun: o.DryRun}, obj)
	return err
}

// Update implements ObjectTracker.
func (t *tracker) Update(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.UpdateOptions) error {
	o := option(opts)
	_, err := t.update(request{resource: gvr, namespace: ns, manager: o.FieldManager, dryRun: o.DryRun}, obj)
	return err
}

// Patch implements ObjectTracker.
func (t *tracker) Patch(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.PatchOptions) error {
	o := option(opts)
	_, err := t.update(request{resource: gvr, namespace: ns, manager: o.FieldManager, dryRun: o.DryRun}, obj)
	return err
}

// Delete implements ObjectTracker.
func (t *tracker) Delete(gvr schema.GroupVersionResource, ns, name string, opts ...metav1.DeleteOptions) error {
	r := request{resource: gvr, namespace: ns, dryRun: option(opts).DryRun}
	_, err := t.commit(r, name, func(current apiobject.Object) (apiobject.Object, error) {
		if current == nil {
			return nil, r.notFound(name)
		}
		return nil, nil
	})
	return err
}

// create stores a copy of obj, under a generated name if it asks for one, and returns a copy of what is stored.
func (t *tracker) create(r request, obj runtime.Object) (runtime.Object, error) {
	object, err := received(obj, r.namespace)
	if err != nil {
		return nil, err
	}
	return named(r, object, func() (runtime.Object, error) {
		return t.commit(r, object.GetName(), func(current apiobject.Object) (apiobject.Object, error) {
			if current != nil {
				return nil, apierrors.NewAlreadyExists(r.resource.GroupResource(), object.GetName())
			}
			return t.asCreated(r, apiobject.Copy(object))
		})
	})
}

// named calls create for an object. One that has no name, and asks for one, gets names until one is free.
func named(r request, object apiobject.Object, create func() (runtime.Object, error)) (runtime.Object, error) {
	prefix := object.GetGenerateName()
	if object.GetName() != "" || prefix == "" {
		return create()
	}
	for range apiobject.NameAttempts {
		object.SetName(apiobject.GenerateName(prefix))
		if created, err := create(); !apierrors.IsAlreadyExists(err) {
			return created, err
		}
	}
	return nil, apierrors.NewGenerateNameConflict(r.resource.GroupResource(), prefix, 1)
}

// update replaces the object of obj's name and returns a copy of what is stored.
func (t *tracker) update(r request, obj runtime.Object) (runtime.Object, error) {
	object, err := received(obj, r.namespace)
	if err != nil {
		return nil, err
	}
	name := object.GetName()
	return t.commit(r, name, func(current apiobject.Object) (apiobject.Object, error) {
		if current == nil {
			return nil, r.notFound(name)
		}
		return t.asUpdated(r, current, apiobject.Copy(object))
	})
}

// commit changes the object of a name in one step, and returns a copy of what is stored then; of what would be, for a dry
// run. Other writers are not kept waiting: if one was faster, the change is made again.
func (t *tracker) commit(r request, name string, change change) (runtime.Object, error) {
	key := keyOf(r.resource, r.namespace, name)
	write := t.store.Update
	if t.fields == nil {
		write = t.store.Keep
	}
	for {
		current, _ := t.store.Get(key)
		next, err := change(current)
		if err != nil {
			return nil, err
		}
		if slices.Contains(r.dryRun, metav1.DryRunAll) {
			return copyOf(next), nil
		}
		stored, err := write(key, func(now apiobject.Object) (apiobject.Object, error) {
			if now != current {
				return nil, errOvertaken
			}
			return next, nil
		})
		if errors.Is(err, errOvertaken) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t.watches.tell(key.Resource)
		return copyOf(stored), nil
	}
}

// errOvertaken says that the object was changed while another change was made.
var errOvertaken = errors.New("the object has changed")

// copyOf keeps a nil object from becoming an interface that is not nil.
func copyOf(object apiobject.Object) runtime.Object {
	if object == nil {
		return nil
	}
	return object.DeepCopyObject()
}

// received returns a copy of an object that is to be stored in a namespace, with that namespace.
func received(obj runtime.Object, namespace string) (apiobject.Object, error) {
	object, err := objectOf(obj)
	if err != nil {
		return nil, err
	}
	object = apiobject.Copy(object)
	switch object.GetNamespace() {
	case namespace:
	case "":
		object.SetNamespace(namespace)
	default:
		return nil, badRequest("request namespace does not match object namespace, request: %q object: %q", namespace, object.GetNamespace())
	}
	return object, nil
}

func objectOf(obj runtime.Object) (apiobject.Object, error) {
	object, ok := obj.(apiobject.Object)
	if !ok {
		return nil, fmt.Errorf("%T is no API object: it has to implement the interfaces of runtime.Object and of metav1.Object, as types do that embed metav1.ObjectMeta", obj)
	}
	return object, nil
}

func badRequest(format string, args ...any) error {
	return apierrors.NewBadRequest(fmt.Sprintf(format, args...))
}

// checkVersion refuses, with a Conflict, a write with a version that the object had and has no more, or one that is older than
// what the tracker remembers. One that the object never had is the test's choice. None, and 0, stand for any.
func (t *tracker) checkVersion(r request, current, sent apiobject.Object) error {
	version := sent.GetResourceVersion()
	if version == "" || version == "0" || version == current.GetResourceVersion() || !t.hadVersion(keyOf(r.resource, r.namespace, sent.GetName()), version) {
		return nil
	}
	return apierrors.NewConflict(r.resource.GroupResource(), sent.GetName(),
		errors.New("the object has been modified; please apply your changes to the latest version and try again"))
}

// hadVersion looks at the life of the object that there is, back to its creation.
func (t *tracker) hadVersion(key storage.Key, version string) bool {
	if revision, err := strconv.ParseInt(version, 10, 64); err == nil && revision < t.store.Oldest() {
		return true
	}
	for _, event := range slices.Backward(t.store.History(key)) {
		if event.Old == nil {
			return false
		}
		if event.Old.GetResourceVersion() == version {
			return true
		}
	}
	return false
}
