package compiled

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/apis/shared"
	stablev1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/apis/stable/v1"
	applyconfiguration "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/generated/applyconfiguration"
	stablev1ac "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/generated/applyconfiguration/stable/v1"
	described "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/generated/described"
	corev1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/core/v1"
	metav1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/meta/v1"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// values returns what JSON makes of an object.
func values(t *testing.T, object any) map[string]any {
	t.Helper()
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// thing sets one field of each sort, and each field that is reached in a way of its own.
func thing() *stablev1ac.ThingApplyConfiguration {
	spec := stablev1ac.ThingSpec().
		WithInlinedText("inlined").WithTwice("twice").WithPointerText("pointer").
		WithEmbeddedTexts("a").WithEmbeddedTexts("b").WithEmbeddedMap(map[string]string{"a": "b"}).
		WithTeam("team").WithOwner("owner").WithContact(shared.Contact{Mail: "mail"}).
		WithNumber(7).WithBytes('x').WithPointers(stablev1ac.Part().WithValue("p")).
		WithSlice([]string{"s"}).WithWords(stablev1.Words{"w"}).WithLevel("high").
		WithAlias(stablev1ac.Part().WithValue("alias")).WithDefined(stablev1ac.Defined().WithValue("defined")).
		WithSelf(stablev1ac.ThingSpec().WithText("")).
		WithTree(stablev1ac.Tree().WithName("root").WithChildren(map[string]stablev1ac.TreeApplyConfiguration{"leaf": *stablev1ac.Tree().WithName("leaf")})).
		WithLabels(map[string]string{"x": "1"}).WithLabels(map[string]string{"y": "2"}).
		WithTemplate(corev1ac.PodTemplateSpec().WithName("pod").WithSpec(corev1ac.PodSpec().WithContainers(corev1ac.Container().WithName("c")))).
		WithLimits(corev1.ResourceList{"cpu": resource.MustParse("1")}).WithPort(intstr.FromString("http")).
		WithRaw(runtime.RawExtension{Raw: []byte(`{"any":1}`)}).
		WithKeyed(stablev1ac.Keyed().WithName("a"), stablev1ac.Keyed().WithName("b").WithProtocol("UDP")).
		WithSet("one", "two")
	return stablev1ac.Thing("name", "ns").WithLabels(map[string]string{"app": "x"}).WithFinalizers("f").
		WithOwnerReferences(metav1ac.OwnerReference().WithAPIVersion("v1").WithKind("K").WithName("o").WithUID("u")).WithSpec(spec)
}

func TestApplyConfigurationHasWhatWasSetAndNothingElse(t *testing.T) {
	want := map[string]any{
		"apiVersion": "stable.example.com/v1",
		"kind":       "Thing",
		"metadata": map[string]any{
			"name": "name", "namespace": "ns", "labels": map[string]any{"app": "x"}, "finalizers": []any{"f"},
			"ownerReferences": []any{map[string]any{"apiVersion": "v1", "kind": "K", "name": "o", "uid": "u"}},
		},
		"spec": map[string]any{
			"inlinedText": "inlined", "twice": "twice", "pointerText": "pointer",
			"embedded":        map[string]any{"embeddedTexts": []any{"a", "b"}},
			"embeddedPointer": map[string]any{"embeddedMap": map[string]any{"a": "b"}},
			"team":            "team", "owner": "owner", "contact": map[string]any{"mail": "mail"},
			"number": 7.0, "bytes": "eA==", "pointers": []any{map[string]any{"value": "p"}},
			"slice": []any{"s"}, "words": []any{"w"}, "level": "high",
			"alias": map[string]any{"value": "alias"}, "defined": map[string]any{"value": "defined"},
			"self":     map[string]any{"text": ""},
			"tree":     []any{map[string]any{"name": "root", "children": map[string]any{"leaf": map[string]any{"name": "leaf"}}}},
			"labels":   map[string]any{"x": "1", "y": "2"},
			"template": map[string]any{"metadata": map[string]any{"name": "pod"}, "spec": map[string]any{"containers": []any{map[string]any{"name": "c"}}}},
			"limits":   map[string]any{"cpu": "1"}, "port": "http", "raw": map[string]any{"any": 1.0},
			"keyed": []any{map[string]any{"name": "a"}, map[string]any{"name": "b", "protocol": "UDP"}},
			"set":   []any{"one", "two"},
		},
	}
	if diff := cmp.Diff(want, values(t, thing())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWithPanicsForNil(t *testing.T) {
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, "WithKeyed") {
			t.Errorf("panic %q", got)
		}
	}()
	stablev1ac.ThingSpec().WithKeyed(nil)
}

func TestGettersReturnNilForWhatIsAbsent(t *testing.T) {
	empty := &stablev1ac.ThingApplyConfiguration{}
	if empty.GetName() != nil || empty.GetNamespace() != nil || empty.GetKind() != nil || empty.GetAPIVersion() != nil {
		t.Error("an empty apply configuration has a name or a kind")
	}
	doc := stablev1ac.Doc("name") // cluster scoped
	if *doc.GetName() != "name" || doc.GetNamespace() != nil || *doc.GetKind() != "Doc" || *doc.GetAPIVersion() != "stable.example.com/v1" {
		t.Errorf("%v", values(t, doc))
	}
	if scale := stablev1ac.Scale(); *scale.GetKind() != "Scale" || scale.GetName() != nil {
		t.Errorf("%v", values(t, scale))
	}
}

func TestForKind(t *testing.T) {
	kind := func(kind string) schema.GroupVersionKind {
		return schema.GroupVersionKind{Group: "stable.example.com", Version: "v1", Kind: kind}
	}
	if _, ok := applyconfiguration.ForKind(kind("Thing")).(*stablev1ac.ThingApplyConfiguration); !ok {
		t.Error("no Thing")
	}
	if _, ok := applyconfiguration.ForKind(kind("Part")).(*stablev1ac.PartApplyConfiguration); !ok {
		t.Error("no Part")
	}
	for _, none := range []schema.GroupVersionKind{kind("ReadOnly"), {Group: "stable.example.com", Version: "v2", Kind: "Thing"}} {
		if got := applyconfiguration.ForKind(none); got != nil {
			t.Errorf("%v has %T", none, got)
		}
	}
}

var things = schema.GroupVersionResource{Group: "stable.example.com", Version: "v1", Resource: "things"}

// newTracker returns a tracker that knows who owns what.
func newTracker(t *testing.T) clienttesting.ObjectTracker {
	scheme := runtime.NewScheme()
	if err := stablev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return clienttesting.NewFieldManagedObjectTracker(scheme, serializer.NewCodecFactory(scheme).UniversalDeserializer(), applyconfiguration.NewTypeConverter(scheme))
}

// apply applies a configuration, and returns the object that becomes of it.
func apply(t *testing.T, tracker clienttesting.ObjectTracker, manager string, configuration any) *stablev1.Thing {
	t.Helper()
	if err := tracker.Apply(things, &unstructured.Unstructured{Object: values(t, configuration)}, "ns", metav1.PatchOptions{FieldManager: manager}); err != nil {
		t.Fatal(err)
	}
	object, err := tracker.Get(things, "ns", "name")
	if err != nil {
		t.Fatal(err)
	}
	return object.(*stablev1.Thing)
}

func TestExtractReturnsWhatAManagerApplied(t *testing.T) {
	tracker := newTracker(t)
	apply(t, tracker, "one", thing())
	other := stablev1ac.Thing("name", "ns").WithSpec(stablev1ac.ThingSpec().
		WithKeyed(stablev1ac.Keyed().WithName("c")).WithSet("three").WithLabels(map[string]string{"z": "3"}))
	object := apply(t, tracker, "two", other)

	if len(object.Spec.Keyed) != 3 || len(object.Spec.Set) != 3 || len(object.Spec.Labels) != 3 {
		t.Errorf("keyed %v, set %v, labels %v: not merged", object.Spec.Keyed, object.Spec.Set, object.Spec.Labels)
	}
	for manager, applied := range map[string]any{"one": thing(), "two": other} {
		extracted, err := stablev1ac.ExtractThing(object, manager)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(values(t, applied), values(t, extracted)); diff != "" {
			t.Errorf("of manager %s (-applied +extracted):\n%s", manager, diff)
		}
	}

	nobody, err := stablev1ac.ExtractThingStatus(object, "one")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(values(t, stablev1ac.Thing("name", "ns")), values(t, nobody)); diff != "" {
		t.Errorf("nothing was applied through the status (-want +got):\n%s", diff)
	}
}

func TestDefaultsOfKeysAreKeys(t *testing.T) {
	tracker := newTracker(t)
	protocol := func(protocol string) *stablev1ac.ThingApplyConfiguration {
		keyed := stablev1ac.Keyed().WithName("a")
		if protocol != "" {
			keyed.WithProtocol(protocol)
		}
		return stablev1ac.Thing("name", "ns").WithSpec(stablev1ac.ThingSpec().WithKeyed(keyed))
	}
	apply(t, tracker, "one", protocol(""))
	apply(t, tracker, "two", protocol("UDP"))
	if object := apply(t, tracker, "three", protocol("TCP")); len(object.Spec.Keyed) != 2 {
		t.Errorf("%v: TCP is the default, so that it is not another", object.Spec.Keyed)
	}
}

// TestDescriptionWins checks that types of an OpenAPI file are taken in place of the declarations.
func TestDescriptionWins(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := stablev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	doc := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "stable.example.com/v1", "kind": "Doc", "metadata": map[string]any{"name": "a"}, "more": map[string]any{"words": []any{"x"}},
	}}
	typed, err := described.NewTypeConverter(scheme).ObjectToTyped(doc)
	if err != nil {
		t.Fatal(err)
	}
	set, err := typed.ToFieldSet()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(set.String(), `.more.words[="x"]`) {
		t.Errorf("fields %s", set)
	}
	if _, err := applyconfiguration.NewTypeConverter(scheme).ObjectToTyped(doc); err == nil || !strings.Contains(err.Error(), ".more: field not declared in schema") {
		t.Errorf("error %v, want one about the field that only the description has", err)
	}
}
