package fake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	configMaps    = corev1.SchemeGroupVersion.WithResource("configmaps")
	configMapKind = corev1.SchemeGroupVersion.WithKind("ConfigMap")
)

// configuration is what applyconfiguration-gen makes.
type configuration struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        struct {
		Name *string `json:"name,omitempty"`
	} `json:"metadata"`
	Data map[string]string `json:"data,omitempty"`
}

func (c *configuration) GetName() *string { return c.Metadata.Name }

func applied(name string) *configuration {
	c := &configuration{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Data: map[string]string{"applied": "yes"}}
	c.Metadata.Name = &name
	return c
}

type client = fake.FakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration]

// newClient returns what client-gen makes for a resource.
func newClient(f *clienttesting.Fake, namespace string) *client {
	return fake.NewFakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration](f, namespace, configMaps, configMapKind,
		func() *corev1.ConfigMap { return &corev1.ConfigMap{} }, func() *corev1.ConfigMapList { return &corev1.ConfigMapList{} },
		func(dst, src *corev1.ConfigMapList) { dst.ListMeta = src.ListMeta },
		func(list *corev1.ConfigMapList) []*corev1.ConfigMap { return fake.ToPointerSlice(list.Items) },
		func(list *corev1.ConfigMapList, items []*corev1.ConfigMap) { list.Items = fake.FromPointerSlice(items) })
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"name": name}}}
}

// answering returns a client all of whose calls are answered so.
func answering(object runtime.Object, err error) *client {
	f := &clienttesting.Fake{}
	f.AddReactor("*", "*", func(clienttesting.Action) (bool, runtime.Object, error) { return true, object, err })
	return newClient(f, "ns")
}

// Each method is one action, in the namespace of the client.
func TestActions(t *testing.T) {
	f := &clienttesting.Fake{}
	c, ctx := newClient(f, "ns"), t.Context()
	scale := func() *autoscalingv1.Scale { return &autoscalingv1.Scale{} }
	list := metav1.ListOptions{LabelSelector: "a=b", ResourceVersion: "0"}
	data := []byte("{}")
	for _, call := range []error{
		second(c.Create(ctx, configMap("a"), metav1.CreateOptions{FieldManager: "m"})),
		second(c.Update(ctx, configMap("a"), metav1.UpdateOptions{FieldManager: "m"})),
		second(c.UpdateStatus(ctx, configMap("a"), metav1.UpdateOptions{})),
		c.Delete(ctx, "a", metav1.DeleteOptions{DryRun: []string{"All"}}),
		c.DeleteCollection(ctx, metav1.DeleteOptions{DryRun: []string{"All"}}, list),
		second(c.Get(ctx, "a", metav1.GetOptions{ResourceVersion: "1"})),
		second(c.List(ctx, list)),
		second(c.Patch(ctx, "a", types.MergePatchType, data, metav1.PatchOptions{}, "status")),
		second(c.Apply(ctx, applied("a"), metav1.ApplyOptions{FieldManager: "m", Force: true})),
		second(c.ApplyStatus(ctx, applied("a"), metav1.ApplyOptions{FieldManager: "m"})),
		second(fake.GetAs(ctx, c, scale(), "a", "scale", metav1.GetOptions{})),
		second(fake.UpdateAs(ctx, c, scale(), "a", "scale", scale(), metav1.UpdateOptions{})),
		second(fake.CreateAs(ctx, c, scale(), "a", "scale", scale(), metav1.CreateOptions{})),
		second(fake.PatchAs(ctx, c, scale(), "a", types.MergePatchType, data, metav1.PatchOptions{}, "scale")),
		second(fake.ListAs(ctx, c, &corev1.ConfigMapList{}, "a", "parts", list)),
	} {
		if call != nil {
			t.Error(call)
		}
	}
	if _, err := c.Watch(ctx, list); err == nil {
		t.Error("a watch that nobody handles")
	}
	watched := list
	watched.Watch = true
	apply := func(options metav1.ApplyOptions, subresources ...string) clienttesting.Action {
		body := []byte(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"applied":"yes"}}`)
		return clienttesting.NewPatchSubresourceActionWithOptions(configMaps, "ns", "a", types.ApplyPatchType, body, options.ToPatchOptions(), subresources...)
	}
	parts := clienttesting.NewListActionWithOptions(configMaps, configMapKind, "ns", list)
	parts.Name, parts.Subresource = "a", "parts"
	want := []clienttesting.Action{
		clienttesting.NewCreateActionWithOptions(configMaps, "ns", configMap("a"), metav1.CreateOptions{FieldManager: "m"}),
		clienttesting.NewUpdateActionWithOptions(configMaps, "ns", configMap("a"), metav1.UpdateOptions{FieldManager: "m"}),
		clienttesting.NewUpdateSubresourceAction(configMaps, "status", "ns", configMap("a")),
		clienttesting.NewDeleteActionWithOptions(configMaps, "ns", "a", metav1.DeleteOptions{DryRun: []string{"All"}}),
		clienttesting.NewDeleteCollectionActionWithOptions(configMaps, "ns", metav1.DeleteOptions{DryRun: []string{"All"}}, list),
		clienttesting.NewGetActionWithOptions(configMaps, "ns", "a", metav1.GetOptions{ResourceVersion: "1"}),
		clienttesting.NewListActionWithOptions(configMaps, configMapKind, "ns", list),
		clienttesting.NewPatchSubresourceAction(configMaps, "ns", "a", types.MergePatchType, data, "status"),
		apply(metav1.ApplyOptions{FieldManager: "m", Force: true}),
		apply(metav1.ApplyOptions{FieldManager: "m"}, "status"),
		clienttesting.NewGetSubresourceAction(configMaps, "ns", "scale", "a"),
		clienttesting.NewUpdateSubresourceAction(configMaps, "scale", "ns", scale()),
		clienttesting.NewCreateSubresourceAction(configMaps, "a", "scale", "ns", scale()),
		clienttesting.NewPatchSubresourceAction(configMaps, "ns", "a", types.MergePatchType, data, "scale"),
		parts,
		clienttesting.NewWatchActionWithOptions(configMaps, "ns", watched),
	}
	byText := cmp.Transformer("text", func(s interface{ String() string }) string { return s.String() })
	if diff := cmp.Diff(want, f.Actions(), byText); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	if c.Resource() != configMaps || c.Kind() != configMapKind || c.Namespace() != "ns" {
		t.Errorf("%v %v %v", c.Resource(), c.Kind(), c.Namespace())
	}
}

func second[R any](_ R, err error) error { return err }

// What a reactor answers is the client's answer: an object is never nil, an error stays.
func TestAnswersOfReactors(t *testing.T) {
	failure := errors.New("failure")
	typed := configMap("a")
	values := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"name": "a"}}}
	for name, test := range map[string]struct {
		object runtime.Object
		err    error
		want   string // the name of the object
		text   string // of the error
	}{
		"object":           {typed, nil, "a", ""},
		"object and error": {typed, failure, "a", "failure"},
		"nothing":          {nil, nil, "", ""},
		"error":            {nil, failure, "", "failure"},
		"unstructured":     {values, nil, "a", ""},
		"another type":     {&corev1.Secret{}, nil, "", "the reactor for get configmaps answers with a *v1.Secret, want a *v1.ConfigMap"},
		"and an error":     {&corev1.Secret{}, failure, "", "failure\nthe reactor for get configmaps answers with a *v1.Secret"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := answering(test.object, test.err).Get(t.Context(), "a", metav1.GetOptions{})
			if got == nil || got.Name != test.want {
				t.Errorf("object %v", got)
			}
			if (err == nil) != (test.text == "") || err != nil && !strings.HasPrefix(err.Error(), test.text) {
				t.Errorf("error %v", err)
			}
		})
	}
	if got := second(fake.GetAs(t.Context(), answering(typed, nil), &autoscalingv1.Scale{}, "a", "scale", metav1.GetOptions{})); got == nil ||
		!strings.Contains(got.Error(), "get configmaps/scale") {
		t.Errorf("error %v", got)
	}
}

// Reactors of tests answer with all that they have.
func TestListsOfReactorsAreSelectedByLabels(t *testing.T) {
	all := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "7"}, Items: []corev1.ConfigMap{*configMap("a"), *configMap("b")}}
	got, err := answering(all, nil).List(t.Context(), metav1.ListOptions{LabelSelector: "name=b"})
	if err != nil || got.ResourceVersion != "7" || len(got.Items) != 1 || got.Items[0].Name != "b" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := answering(nil, errors.New("failure")).List(t.Context(), metav1.ListOptions{}); got == nil || err == nil {
		t.Errorf("%v, %v", got, err)
	}
	c := answering(all, nil)
	bad := metav1.ListOptions{LabelSelector: "!!"}
	for _, err := range []error{
		second(c.List(t.Context(), bad)), second(c.Watch(t.Context(), bad)), c.DeleteCollection(t.Context(), metav1.DeleteOptions{}, bad),
	} {
		if !apierrors.IsBadRequest(err) {
			t.Errorf("error %v", err)
		}
	}
	if got := len(c.Actions()); got != 0 {
		t.Errorf("%d actions", got)
	}
}

func TestApplyNeedsAName(t *testing.T) {
	c := answering(nil, nil)
	if got, err := c.Apply(t.Context(), nil, metav1.ApplyOptions{}); got == nil || err == nil || !strings.Contains(err.Error(), "must not be nil") {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := c.Apply(t.Context(), &configuration{}, metav1.ApplyOptions{}); got == nil || err == nil || !strings.Contains(err.Error(), "Name must be provided") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSlices(t *testing.T) {
	items := []int{1, 2}
	pointers := fake.ToPointerSlice(items)
	items[0] = 3
	if got := fake.FromPointerSlice(pointers); !cmp.Equal(got, []int{1, 2}) {
		t.Errorf("%v", got)
	}
	if fake.ToPointerSlice[int](nil) != nil || fake.FromPointerSlice[int](nil) != nil {
		t.Error("nil becomes something")
	}
}

// k/k#89034: the resource of a kind is not always its plural.
func TestFillKnowsTheResourcesOfTheClientset(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	maps := corev1.SchemeGroupVersion.WithResource("maps")
	tracker := clienttesting.NewObjectTracker(scheme, nil)
	fake.Fill(tracker, scheme, map[schema.GroupVersionKind]schema.GroupVersionResource{configMapKind: maps},
		configMap("a"), &corev1.ConfigMapList{Items: []corev1.ConfigMap{*configMap("b")}}, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}})
	for name, resource := range map[string]schema.GroupVersionResource{"a": maps, "b": maps, "s": corev1.SchemeGroupVersion.WithResource("secrets")} {
		if _, err := tracker.Get(resource, "", name); err != nil {
			t.Error(err)
		}
	}
	defer func() {
		if text, _ := recover().(error); text == nil || !strings.Contains(text.Error(), "a *v1.Status cannot be added to the fake clientset") {
			t.Errorf("panic %v", text)
		}
	}()
	fake.Fill(tracker, scheme, nil, &metav1.Status{})
}
