package codec

import (
	"reflect"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// learned is what a serializer has learned from apimachinery's answers. It is safe for concurrent use.
type learned struct {
	// kinds has what was last decoded into a type: reflect.Type to *schema.GroupVersionKind, which is never changed.
	kinds sync.Map
	// made is the type that was last made for a document. All objects of a watch are of one kind.
	made atomic.Pointer[made]
}

// made says which type documents of a kind are decoded into if the caller has none. It is never changed.
type made struct {
	apiVersion, kind string
	typ              reflect.Type
}

// fresh returns a new object for a document of this kind if it is known of what type, else nil.
func (l *learned) fresh(apiVersion, kind []byte) runtime.Object {
	m := l.made.Load()
	if m == nil || string(apiVersion) != m.apiVersion || string(kind) != m.kind {
		return nil
	}
	return reflect.New(m.typ).Interface().(runtime.Object)
}

// kindOf returns of which kind documents are that are decoded into objects of the type of target; nil if that is not known, or
// target is nil.
func (l *learned) kindOf(target runtime.Object) *schema.GroupVersionKind {
	v := reflect.ValueOf(target)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	known, ok := l.kinds.Load(v.Type().Elem())
	if !ok {
		return nil
	}
	return known.(*schema.GroupVersionKind)
}

// learn notes that a document that says it is of kind gvk was decoded into obj. fresh says that obj was made for it.
func (l *learned) learn(obj runtime.Object, gvk schema.GroupVersionKind, fresh bool) {
	switch obj.(type) {
	case runtime.Unstructured, *runtime.Unknown:
		return // which decode themselves
	}
	v := reflect.ValueOf(obj)
	if v.Kind() != reflect.Pointer || v.IsNil() || gvk.Kind == "" || gvk.Version == "" || obj.GetObjectKind().GroupVersionKind() != gvk {
		return
	}
	typ := v.Type().Elem()
	if known, ok := l.kinds.Load(typ); !ok || *known.(*schema.GroupVersionKind) != gvk {
		l.kinds.Store(typ, &gvk)
	}
	if fresh {
		apiVersion, kind := gvk.ToAPIVersionAndKind()
		l.made.Store(&made{apiVersion: apiVersion, kind: kind, typ: typ})
	}
}
