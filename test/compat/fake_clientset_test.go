package compat

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	theirset "k8s.io/client-go/kubernetes/fake"

	ourset "github.com/kubewright/kubewright/generated/kubernetes/fake"
)

// clientsetDifferences are where fakes of the clientset act differently, and why.
var clientsetDifferences = map[string]string{
	`CoreV1.Pods.Bind in "ns"`:                       "theirs forgets the namespace of the client if the binding has none",
	`CoreV1.Events.Search in ""`:                     "theirs looks in the namespace default",
	`CoreV1.Events.SearchWithContext in ""`:          "theirs looks in the namespace default",
	`ExtensionsV1beta1.Deployments.Rollback in "ns"`: "theirs forgets namespace and name, and always fails",
	`ExtensionsV1beta1.Deployments.Rollback in ""`:   "theirs forgets the name, and always fails",
}

// Every method of every typed client is called on both clientsets, once: verbs, additional methods and those that are
// written by hand. Both have to note the same actions, and to fail at the same.
func TestFakeClientsetsActAsTheirs(t *testing.T) {
	our, their := ourset.NewSimpleClientset(), theirset.NewSimpleClientset()
	groupVersion := regexp.MustCompile(`V[0-9]+[a-z0-9]*$`)
	calls := 0
	clientset := reflect.TypeOf(their)
	for i := range clientset.NumMethod() {
		group := clientset.Method(i).Name
		if !groupVersion.MatchString(group) {
			continue
		}
		ourGroup, theirGroup := method(t, our, group).Call(nil)[0].Elem(), method(t, their, group).Call(nil)[0].Elem()
		for i := range theirGroup.NumMethod() {
			resource := theirGroup.Type().Method(i).Name
			signature := theirGroup.Method(i).Type()
			if signature.NumOut() != 1 || !strings.HasSuffix(signature.Out(0).Name(), "Interface") || resource == "RESTClient" {
				continue // of the Fake that it embeds
			}
			for _, namespace := range []string{"ns", ""} {
				var in []reflect.Value
				if signature.NumIn() == 1 {
					in = []reflect.Value{reflect.ValueOf(namespace)}
				}
				ours := ourGroup.MethodByName(resource).Call(in)[0]
				theirs := theirGroup.Method(i).Call(in)[0]
				for i := range theirs.NumMethod() {
					name := theirs.Type().Method(i).Name
					if strings.HasPrefix(name, "Apply") {
						continue // takes configurations of other packages
					}
					calls++
					full := fmt.Sprintf("%s.%s.%s in %q", group, resource, name, namespace)
					got := call(t, ours.MethodByName(name)) + texts(our.Actions())
					want := call(t, theirs.Method(i)) + texts(their.Actions())
					our.ClearActions()
					their.ClearActions()
					reason := clientsetDifferences[full]
					if diff := cmp.Diff(inCommon(want), inCommon(got)); (diff != "") != (reason != "") {
						t.Errorf("%s: the expected difference is %q (-theirs +ours):\n%s", full, reason, diff)
					}
				}
			}
		}
	}
	if calls < 1500 {
		t.Errorf("%d calls only", calls)
	}
}

// method returns the method of a clientset, or fails the test.
func method(t *testing.T, set any, name string) reflect.Value {
	t.Helper()
	m := reflect.ValueOf(set).MethodByName(name)
	if !m.IsValid() {
		t.Fatalf("%T has no method %s", set, name)
	}
	return m
}

// call calls a method with arguments that its types suggest, and returns whether it fails.
func call(t *testing.T, method reflect.Value) string {
	t.Helper()
	if !method.IsValid() {
		return "no such method\n"
	}
	signature := method.Type()
	in := make([]reflect.Value, 0, signature.NumIn())
	for i := range signature.NumIn() {
		if !signature.IsVariadic() || i < signature.NumIn()-1 {
			in = append(in, argument(t, signature.In(i)))
		}
	}
	out := method.Call(in)
	if len(out) == 0 {
		return "\n"
	}
	if w, ok := out[0].Interface().(interface{ Stop() }); ok {
		w.Stop()
	}
	if err, failed := out[len(out)-1].Interface().(error); failed {
		return err.Error() + "\n"
	}
	return "done\n"
}

// argument returns a value of a type of a parameter.
func argument(t *testing.T, typ reflect.Type) reflect.Value {
	for _, value := range []any{t.Context(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "ns"}}} {
		if typ.Kind() == reflect.Interface && reflect.TypeOf(value).Implements(typ) {
			return reflect.ValueOf(value)
		}
	}
	switch typ {
	case reflect.TypeFor[string]():
		return reflect.ValueOf("a")
	case reflect.TypeFor[types.PatchType]():
		return reflect.ValueOf(types.MergePatchType)
	case reflect.TypeFor[[]byte]():
		return reflect.ValueOf([]byte("{}"))
	case reflect.TypeFor[*runtime.Scheme]():
		scheme, _ := newScheme(t)
		return reflect.ValueOf(scheme)
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(t.Context())
	}
	if typ.Kind() != reflect.Pointer {
		return reflect.Zero(typ)
	}
	value := reflect.New(typ.Elem())
	if object, ok := value.Interface().(metav1.Object); ok {
		object.SetName("a")
	}
	return value
}
