package bench

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// call is something that all stacks can do.
type call func(context.Context, client) (runtime.Object, error)

var patch = []byte(`{"metadata":{"labels":{"app.kubernetes.io/part-of":"shop"}}}`)

func pickConfigMaps(c client) objects[*corev1.ConfigMap, *corev1.ConfigMapList] {
	return c.configMaps(namespace)
}
func pickPods(c client) objects[*corev1.Pod, *corev1.PodList] { return c.pods(namespace) }

func get[T, L runtime.Object](pick func(client) objects[T, L]) call {
	return func(ctx context.Context, c client) (runtime.Object, error) {
		return pick(c).Get(ctx, objectName, metav1.GetOptions{})
	}
}

func list[T, L runtime.Object](pick func(client) objects[T, L]) call {
	return func(ctx context.Context, c client) (runtime.Object, error) {
		return pick(c).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/part-of=shop"})
	}
}

func patched[T, L runtime.Object](pick func(client) objects[T, L]) call {
	return func(ctx context.Context, c client) (runtime.Object, error) {
		return pick(c).Patch(ctx, objectName, types.MergePatchType, patch, metav1.PatchOptions{})
	}
}

func create[T, L runtime.Object](pick func(client) objects[T, L], obj T) call {
	return func(ctx context.Context, c client) (runtime.Object, error) {
		return pick(c).Create(ctx, obj, metav1.CreateOptions{FieldManager: "bench"})
	}
}

func request(resource string, newObject func() runtime.Object) call {
	return func(ctx context.Context, c client) (runtime.Object, error) {
		obj := newObject()
		return obj, c.request(ctx, resource, objectName, obj)
	}
}

func newVerbs() map[string]map[string]call {
	newConfigMap, newPod := configMap(objectName), pod(objectName)
	return map[string]map[string]call{
		"Get":    {"configmap": get(pickConfigMaps), "pod": get(pickPods)},
		"List":   {"configmap": list(pickConfigMaps), "pod": list(pickPods)},
		"Patch":  {"configmap": patched(pickConfigMaps), "pod": patched(pickPods)},
		"Create": {"configmap": create(pickConfigMaps, &newConfigMap), "pod": create(pickPods, &newPod)},
		"Request": {
			"configmap": request("configmaps", func() runtime.Object { return &corev1.ConfigMap{} }),
			"pod":       request("pods", func() runtime.Object { return &corev1.Pod{} }),
		},
	}
}

var (
	// verbs has the call of each verb and kind.
	verbs = newVerbs()
	kinds = []string{"configmap", "pod"}
	// transports return the options of a way to the server.
	transports = []struct {
		name    string
		options func() (options, error)
	}{
		{"canned", func() (options, error) {
			return options{host: "https://server.example", transport: canned{}}, nil
		}},
		{"loopback", func() (options, error) {
			server, err := loopback()
			return options{host: server.URL, ca: server.CA}, err
		}},
	}
)

// connect returns a client of each stack that has the encoding.
func connect(t testing.TB, o options) []client {
	t.Helper()
	var clients []client
	for _, stack := range stacks {
		if stack.jsonOnly && o.mediaType != runtime.ContentTypeJSON {
			continue
		}
		c, err := stack.connect(o)
		if err != nil {
			t.Fatalf("%s: %v", stack.name, err)
		}
		c.stack = stack.name
		clients = append(clients, c)
	}
	return clients
}

// agree fails unless the stacks do the same: the answers are canned, so it is objects that are not empty and equal.
// Kind and version do not count: clients clear them, encoding/json does not.
func agree(t testing.TB, do call, clients []client) {
	t.Helper()
	var first runtime.Object
	for _, c := range clients {
		obj, err := do(context.Background(), c)
		if err != nil {
			t.Fatalf("%s: %v", c.stack, err)
		}
		if err := complete(obj); err != nil {
			t.Fatalf("%s: %v", c.stack, err)
		}
		if first == nil {
			first = obj
			continue
		}
		if diff := cmp.Diff(first, obj, cmpopts.IgnoreTypes(metav1.TypeMeta{})); diff != "" {
			t.Fatalf("%s (-) and %s (+) return different objects:\n%s", clients[0].stack, c.stack, diff)
		}
	}
}

// complete returns an error if an object is not all that was sent.
func complete(obj runtime.Object) error {
	items := 1
	switch o := obj.(type) {
	case *corev1.ConfigMap:
		if o.Name == "" || len(o.Data) == 0 {
			return fmt.Errorf("incomplete object: %v", o)
		}
	case *corev1.Pod:
		if o.Name == "" || len(o.Spec.Containers) == 0 || len(o.Status.Conditions) == 0 {
			return fmt.Errorf("incomplete object: %v", o)
		}
	case *corev1.ConfigMapList:
		items = len(o.Items)
	case *corev1.PodList:
		items = len(o.Items)
	default:
		return fmt.Errorf("unexpected object: %T", obj)
	}
	if items != 1 && items != listed {
		return fmt.Errorf("a list of %d objects, want %d", items, listed)
	}
	return nil
}

// TestStacksAgree is what makes the comparison fair: all calls, over all transports, return the same.
func TestStacksAgree(t *testing.T) {
	for name, verb := range verbs {
		t.Run(name, func(t *testing.T) {
			for kind, do := range verb {
				t.Run(kind, func(t *testing.T) {
					overAll(t, func(t *testing.T, o options) { agree(t, do, connect(t, o)) })
				})
			}
		})
	}
}
