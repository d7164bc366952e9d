package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/utils/ptr"
)

// How typed clients encode is up to their configuration, or to themselves.
var typedOptions = []struct {
	name    string
	options options
}{
	{"default", options{}},
	{"json", options{contentType: runtime.ContentTypeJSON}},
	{"protobuf", options{contentType: runtime.ContentTypeProtobuf, accept: runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON}},
}

// TestTypedClients calls every method of every client of our group versions, as it is found there, on both stacks. Patches are
// also sent to a subresource.
func TestTypedClients(t *testing.T) {
	clients, err := ours.typed(options{}, &recorder{answers: returns})
	if err != nil {
		t.Fatal(err)
	}
	for _, configured := range typedOptions {
		t.Run(configured.name, func(t *testing.T) {
			for group, client := range clients {
				t.Run(group, func(t *testing.T) { testGroup(t, configured.options, group, reflect.TypeOf(client)) })
			}
		})
	}
}

func testGroup(t *testing.T, o options, group string, client reflect.Type) {
	resources := 0
	for i := range client.NumMethod() {
		getter := client.Method(i)
		if getter.Name == "RESTClient" || getter.Type.NumOut() != 1 {
			continue
		}
		var namespace []any
		if getter.Type.NumIn() == 2 {
			namespace = []any{"ns"}
		}
		resources++
		t.Run(getter.Name, func(t *testing.T) { testResource(t, o, group, call(getter.Name, namespace...), getter.Type.Out(0)) })
	}
	if resources == 0 {
		t.Errorf("%s has no resources", client)
	}
}

// apart are the methods that have a test of their own, since they send nothing, or need arguments that fit together.
var apart = []string{"GetLogs", "ProxyGet", "GetFieldSelector", "Search", "SearchWithContext"}

func testResource(t *testing.T, o options, group string, getter step, client reflect.Type) {
	for i := range client.NumMethod() {
		method := client.Method(i)
		if slices.Contains(apart, method.Name) {
			continue
		}
		t.Run(method.Name, func(t *testing.T) { testMethod(t, o, group, getter, method, nil) })
		if method.Type.IsVariadic() {
			t.Run(method.Name+" of a subresource", func(t *testing.T) { testMethod(t, o, group, getter, method, []any{"status"}) })
		}
	}
}

func testMethod(t *testing.T, o options, group string, getter step, method reflect.Method, subresources []any) {
	answers := []answer{answerFor(t, method.Type)}
	run := func(s stack) outcome {
		return observe(t, answers, func(ctx context.Context, rt http.RoundTripper, out *outcome) error {
			clients, err := s.typed(o, rt)
			if err != nil {
				return err
			}
			got, err := getter.on(clients[group])
			if err != nil {
				return err
			}
			ownMethod, ok := reflect.TypeOf(got[0]).MethodByName(method.Name)
			if !ok {
				return fmt.Errorf("%s has no %s.%s", s.name, getter.method, method.Name)
			}
			args, err := argumentsFor(ctx, ownMethod.Type)
			if err != nil {
				return err
			}
			returned, err := call(method.Name, append(args, subresources...)...).on(got[0])
			if err != nil {
				return err
			}
			return out.noteReturned(returned, nil)
		})
	}
	ours, theirs := run(ours), run(theirs)
	same(t, ours, theirs)
	if len(ours.requests) != 1 {
		t.Errorf("%d requests, want 1", len(ours.requests))
	}
	if f := ours.fields["error"].(*failure); f != nil {
		t.Errorf("the call failed: %+v", f)
	}
}

// argumentsFor returns arguments for a method: everything that can be set is. The method's first parameter is its receiver,
// and the last one left out if it is variadic.
func argumentsFor(ctx context.Context, method reflect.Type) ([]any, error) {
	n := method.NumIn()
	if method.IsVariadic() {
		n--
	}
	var args []any
	for i := 1; i < n; i++ {
		arg, err := argumentFor(ctx, method.In(i))
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	return args, nil
}

func argumentFor(ctx context.Context, typ reflect.Type) (any, error) {
	dryRun := []string{metav1.DryRunAll}
	switch typ {
	case reflect.TypeFor[context.Context]():
		return ctx, nil
	case reflect.TypeFor[string]():
		return "a", nil
	case reflect.TypeFor[[]byte]():
		return []byte(`{"metadata":{"labels":{"k":"v"}}}`), nil
	case reflect.TypeFor[types.PatchType]():
		return types.MergePatchType, nil
	case reflect.TypeFor[metav1.CreateOptions]():
		return metav1.CreateOptions{DryRun: dryRun, FieldManager: "m", FieldValidation: metav1.FieldValidationStrict}, nil
	case reflect.TypeFor[metav1.UpdateOptions]():
		return metav1.UpdateOptions{DryRun: dryRun, FieldManager: "m", FieldValidation: metav1.FieldValidationStrict}, nil
	case reflect.TypeFor[metav1.PatchOptions]():
		return metav1.PatchOptions{DryRun: dryRun, Force: ptr.To(true), FieldManager: "m", FieldValidation: metav1.FieldValidationStrict}, nil
	case reflect.TypeFor[metav1.ApplyOptions]():
		return metav1.ApplyOptions{DryRun: dryRun, Force: true, FieldManager: "m"}, nil
	case reflect.TypeFor[metav1.DeleteOptions]():
		return *newDeleteOptions(), nil
	case reflect.TypeFor[metav1.GetOptions]():
		return metav1.GetOptions{ResourceVersion: "7"}, nil
	case reflect.TypeFor[metav1.ListOptions]():
		o := newListOptions()
		o.Watch = false // Watch sets it
		return o, nil
	}
	if typ.Kind() != reflect.Pointer || typ.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("the test knows no argument of type %s", typ)
	}
	obj := reflect.New(typ.Elem()).Interface()
	return obj, json.Unmarshal([]byte(object), obj)
}

// object is the JSON of an object of any kind. A DeploymentRollback has its name outside the metadata.
const object = `{"name":"a","metadata":{"name":"a","namespace":"ns","labels":{"k":"v"},"annotations":{"html":"<&>"}}}`

// answerFor returns the answer to what a method asks for, by what it returns.
func answerFor(t *testing.T, method reflect.Type) answer {
	t.Helper()
	first := method.Out(0)
	switch {
	case method.NumOut() == 1: // an error
		return returns[0]
	case first == reflect.TypeFor[watch.Interface]():
		return reply(http.StatusOK, runtime.ContentTypeJSON, "")
	}
	obj, ok := reflect.New(first.Elem()).Interface().(runtime.Object)
	if !ok {
		t.Fatalf("the test knows no answer of type %s", first)
	}
	if err := json.Unmarshal([]byte(object), obj); err != nil {
		t.Fatal(err)
	}
	if items := reflect.ValueOf(obj).Elem().FieldByName("Items"); items.IsValid() {
		items.Set(reflect.MakeSlice(items.Type(), 2, 2))
		if err := json.Unmarshal([]byte(`{"items":[`+object+`,{}]}`), obj); err != nil {
			t.Fatal(err)
		}
	}
	return reply(http.StatusOK, runtime.ContentTypeProtobuf, string(encode(t, runtime.ContentTypeProtobuf, obj)))
}

// TestTypedDefaults is about what typed clients do that have not been told how.
func TestTypedDefaults(t *testing.T) {
	pod := reply(http.StatusOK, runtime.ContentTypeJSON, podJSON)
	get := func(ctx context.Context) step { return call("Get", ctx, "a", metav1.GetOptions{}) }
	create := func(ctx context.Context) step { return call("Create", ctx, newPod(), metav1.CreateOptions{}) }
	for _, c := range []struct {
		name    string
		options options
		call    func(context.Context) step
		answers []answer
	}{
		{"user agent", options{noUserAgent: true}, get, []answer{pod}},
		{"accepted types that the server does not have", options{}, get, []answer{reply(http.StatusNotAcceptable, "text/plain", "no"), pod}},
		{"content type that the server does not have", options{}, create, []answer{reply(http.StatusUnsupportedMediaType, "text/plain", "no"), pod}},
		{"configured content type that the server does not have", options{contentType: runtime.ContentTypeProtobuf}, create,
			[]answer{reply(http.StatusUnsupportedMediaType, "text/plain", "no"), pod}},
		{"object that is not there", options{}, get, []answer{reply(http.StatusNotFound, "text/plain", "no")}},
		{"object of another kind", options{}, get, []answer{reply(http.StatusOK, runtime.ContentTypeJSON, `{"kind":"ConfigMap","apiVersion":"v1"}`)}},
		{"Status instead of an object", options{}, get, returns},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(s stack) outcome {
				return observe(t, c.answers, func(ctx context.Context, rt http.RoundTripper, o *outcome) error {
					clients, err := s.typed(c.options, rt)
					if err != nil {
						return err
					}
					returned, err := chain(call("Pods", "ns"), c.call(ctx)).on(clients["CoreV1"])
					if err != nil {
						return err
					}
					return o.noteReturned(returned, nil)
				})
			}
			same(t, run(ours), run(theirs))
		})
	}
}
