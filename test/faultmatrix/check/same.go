package check

import (
	"fmt"
	"reflect"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// difference says how a client's object differs from the server's, as far as the client asks for it, in anything but apiVersion, kind and resourceVersion,
// which a client need not keep and which deletions change; "" if it does not.
func difference(server, client Object) string {
	switch client.(type) {
	case *metav1.PartialObjectMetadata:
		server = meta.AsPartialObjectMetadata(server)
	case *unstructured.Unstructured:
		fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(server)
		if err != nil {
			return fmt.Sprintf("the server's object cannot be compared: %v", err)
		}
		server = &unstructured.Unstructured{Object: fields}
	}
	a, b := bare(server), bare(client)
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return fmt.Sprintf("it is a %T where the server has a %T", client, server)
	}
	if equality.Semantic.DeepEqual(a, b) {
		return ""
	}
	return fmt.Sprintf("its content is not the server's (-server +client):\n%s", cmp.Diff(a, b))
}

// bare is a copy of an object without what does not count. Only the top is copied.
func bare(o Object) any {
	var c Object
	if u, ok := o.(*unstructured.Unstructured); ok {
		c = u.DeepCopy()
	} else {
		v := reflect.New(reflect.TypeOf(o).Elem())
		v.Elem().Set(reflect.ValueOf(o).Elem())
		c = v.Interface().(Object)
	}
	c.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
	c.SetResourceVersion("")
	return c
}

// name is what an object is called in messages.
func name(o Object) string {
	if o == nil {
		return "nothing"
	}
	return fmt.Sprintf("version %s of uid %s", o.GetResourceVersion(), short(string(o.GetUID())))
}

func short(uid string) string { return uid[:min(8, len(uid))] }
