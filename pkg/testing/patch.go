package testing

import (
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// patched returns what a patch makes of an object, which must not become another one by it.
func patched(r request, current apiobject.Object, language types.PatchType, body []byte) (apiobject.Object, error) {
	_, custom := current.(*unstructured.Unstructured)
	language, err := patch.TypeOf(string(language), custom)
	if err != nil {
		return nil, err
	}
	object, _, err := patch.Patch(current, patch.Request{Type: language, Kind: kindOf(r.resource, current), Body: body})
	if err != nil {
		return nil, err
	}
	if object.GetName() != current.GetName() || object.GetNamespace() != current.GetNamespace() {
		return nil, badRequest("the patch makes %s/%s of %s/%s: namespace and name cannot be changed",
			object.GetNamespace(), object.GetName(), current.GetNamespace(), current.GetName())
	}
	object.GetObjectKind().SetGroupVersionKind(current.GetObjectKind().GroupVersionKind())
	return object, nil
}

// kindOf is the kind of an object while it is patched: the one that it says, else one that is named after its type.
func kindOf(resource schema.GroupVersionResource, object apiobject.Object) schema.GroupVersionKind {
	if gvk := object.GetObjectKind().GroupVersionKind(); !gvk.Empty() {
		return gvk
	}
	gvk := resource.GroupVersion().WithKind(reflect.TypeOf(object).Elem().Name())
	if gvk.Version == "" {
		gvk.Version = runtime.APIVersionInternal
	}
	return gvk
}

// patch changes the named object, and returns a copy of what is stored.
func (t *tracker) patch(r request, name string, change change) (runtime.Object, error) {
	return t.commit(r, name, func(current apiobject.Object) (apiobject.Object, error) {
		if current == nil {
			return nil, r.notFound(name)
		}
		object, err := change(current)
		if err != nil {
			return nil, err
		}
		return t.asUpdated(r, current, object)
	})
}
