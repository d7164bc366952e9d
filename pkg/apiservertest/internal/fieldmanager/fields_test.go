package fieldmanager

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
)

// entries shows managedFields, one line each.
func entries(o metav1.Object) (lines []string) {
	for _, e := range o.GetManagedFields() {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", e.Manager, e.Operation, e.APIVersion, e.FieldsV1.GetRawString(), e.Subresource)))
	}
	return lines
}

func wantEntries(t *testing.T, o metav1.Object, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, entries(o)); diff != "" {
		t.Errorf("managed fields (-want +got):\n%s", diff)
	}
}

// stored is an object as the storage returns it after it was created.
func stored(o kind.Object) kind.Object {
	o.SetUID("u")
	o.SetResourceVersion("7")
	return o
}

func update(t *testing.T, m *FieldManagers, target kind.Target, live, object kind.Object, manager string) kind.Object {
	t.Helper()
	if live != nil {
		object.SetUID(live.GetUID())
		object.SetResourceVersion(live.GetResourceVersion())
	}
	updated, err := m.Update(target, live, object, manager)
	if err != nil {
		t.Fatal(err)
	}
	return stored(updated)
}

func apply(t *testing.T, m *FieldManagers, target kind.Target, live kind.Object, body, manager string) kind.Object {
	t.Helper()
	applied, warnings, err := m.Apply(target, live, []byte(body), ApplyOptions{Manager: manager})
	if err != nil || warnings != nil {
		t.Fatal(err, warnings)
	}
	return stored(applied)
}

const applied = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{%s}}`

func TestCreateOwnsAllThatIsSent(t *testing.T) {
	created := update(t, NewFieldManagers(FieldManagersConfig{}), configMaps(), nil, object(t, configMaps(), `{"metadata":{"name":"a"},"data":{"x":"1"}}`), "curl")
	wantEntries(t, created, `curl Update v1 {"f:data":{".":{},"f:x":{}}}`)
}

func TestUpdateTakesTheFieldsItChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewFieldManagers(FieldManagersConfig{})
		one := update(t, m, configMaps(), nil, object(t, configMaps(), `{"data":{"x":"1","y":"1"}}`), "one")
		time.Sleep(time.Minute)
		two := update(t, m, configMaps(), one, object(t, configMaps(), `{"data":{"x":"1","y":"2","z":"2"}}`), "two")
		wantEntries(t, two, `one Update v1 {"f:data":{".":{},"f:x":{}}}`, `two Update v1 {"f:data":{"f:y":{},"f:z":{}}}`)
		first, second := two.GetManagedFields()[0].Time, two.GetManagedFields()[1].Time
		if got := second.Sub(first.Time); got != time.Minute {
			t.Errorf("the entries are %v apart", got)
		}
	})
}

func TestUpdateWithOneEmptyEntryResets(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := update(t, m, configMaps(), nil, object(t, configMaps(), `{"data":{"x":"1"}}`), "one")
	reset := update(t, m, configMaps(), live, object(t, configMaps(), `{"metadata":{"managedFields":[{}]},"data":{"x":"1"}}`), "two")
	wantEntries(t, reset)
	reset = update(t, m, configMaps(), reset, object(t, configMaps(), `{"data":{"x":"2"}}`), "two")
	wantEntries(t, reset) // until somebody applies
	wantEntries(t, apply(t, m, configMaps(), reset, fmt.Sprintf(applied, `"x":"2"`), "three"),
		`three Apply v1 {"f:data":{"f:x":{}}}`, `before-first-apply Update v1 {"f:data":{".":{},"f:x":{}}}`)
}

func TestUpdateOfWhatDoesNotFitTheSchemaIsNotAccountedFor(t *testing.T) {
	foo, err := smdschema.FromOpenAPI([]byte(`{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	m := NewFieldManagers(FieldManagersConfig{Schema: func(schema.GroupVersionKind) *typed.ParseableType { return foo }})
	live := apply(t, m, foos(), nil, `{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"a":"1"}}`, "one")
	sent := object(t, foos(), `{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"a":1,"b":2}}`)
	wantEntries(t, update(t, m, foos(), live, sent, "two"), `one Apply ex.io/v1 {"f:spec":{"f:a":{}}}`)
}

func TestApplyCreates(t *testing.T) {
	created := apply(t, NewFieldManagers(FieldManagersConfig{}), configMaps(), nil, fmt.Sprintf(applied, `"x":"1"`), "one")
	wantEntries(t, created, `one Apply v1 {"f:data":{"f:x":{}}}`)
	if got := text(t, created.(*configMap).Data); got != `{"x":"1"}` || created.GetName() != "a" {
		t.Errorf("created %s with %s", created.GetName(), got)
	}
}

func TestApplyConflicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewFieldManagers(FieldManagersConfig{})
		live := update(t, m, configMaps(), nil, object(t, configMaps(), `{"metadata":{"name":"a"},"data":{"x":"1","y":"1"}}`), "one")
		live = apply(t, m, configMaps(), live, fmt.Sprintf(applied, `"z":"1"`), "applier")
		_, _, err := m.Apply(configMaps(), live, fmt.Appendf(nil, applied, `"x":"2","z":"2"`), ApplyOptions{Manager: "two"})
		wantStatus(t, err, 409, metav1.StatusReasonConflict, "Apply failed with 2 conflicts: conflicts with \"applier\":\n- .data.z\nconflicts with \"one\" using v1:\n- .data.x")
		forced, _, err := m.Apply(configMaps(), live, fmt.Appendf(nil, applied, `"x":"2"`), ApplyOptions{Manager: "two", Force: true})
		if err != nil {
			t.Fatal(err)
		}
		wantEntries(t, forced, `applier Apply v1 {"f:data":{"f:z":{}}}`, `two Apply v1 {"f:data":{"f:x":{}}}`, `one Update v1 {"f:data":{".":{},"f:y":{}}}`)
	})
}

func TestApplyRemovesWhatItNoLongerNames(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := apply(t, m, configMaps(), nil, fmt.Sprintf(applied, `"x":"1","y":"1"`), "one")
	live = apply(t, m, configMaps(), live, fmt.Sprintf(applied, `"y":"1"`), "two")
	live = apply(t, m, configMaps(), live, fmt.Sprintf(applied, ``), "one")
	if got := text(t, live.(*configMap).Data); got != `{"y":"1"}` {
		t.Errorf("got %s: x belongs to nobody, y to two", got)
	}
}

func TestApplyThatChangesNothingLeavesTheObjectAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for body, target := range map[string]kind.Target{
			fmt.Sprintf(applied, `"x":"1"`): configMaps(),
			`{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"overhead":{"cpu":"1000m"}}}}}`: deployments(),
			`{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"x":[1,2]}}`:                                              foos(),
		} {
			m := NewFieldManagers(FieldManagersConfig{})
			live := apply(t, m, target, nil, body, "one")
			live = object(t, target, text(t, live)) // as it is after a trip through the storage or a client
			before := live.DeepCopyObject()
			time.Sleep(time.Minute)
			again := apply(t, m, target, live, body, "one")
			if diff := cmp.Diff(before, runtime.Object(again)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
			if diff := cmp.Diff(before, runtime.Object(live)); diff != "" {
				t.Errorf("the live object has changed (-before +after):\n%s", diff)
			}
		}
	})
}

func TestApplySharesNothingWithTheLiveObject(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := apply(t, m, foos(), nil, `{"apiVersion":"ex.io/v1","kind":"Foo","metadata":{"labels":{"a":"b"}},"spec":{"m":{"a":1}}}`, "one")
	before := live.DeepCopyObject()
	applied := apply(t, m, foos(), live, `{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"n":2}}`, "two")
	fields := applied.(runtime.Unstructured).UnstructuredContent()
	fields["spec"].(map[string]any)["m"].(map[string]any)["a"] = int64(2)
	fields["metadata"].(map[string]any)["labels"].(map[string]any)["a"] = "c"
	if diff := cmp.Diff(before, runtime.Object(live)); diff != "" {
		t.Errorf("the live object has changed (-before +after):\n%s", diff)
	}
}

func TestApplyMergesListsByKey(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	const body = `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":[%s]}}}}`
	live := apply(t, m, deployments(), nil, fmt.Sprintf(body, `{"name":"a","image":"i","ports":[{"containerPort":80}]}`), "one")
	live = apply(t, m, deployments(), live, fmt.Sprintf(body, `{"name":"b","image":"i"}`), "two")
	live = apply(t, m, deployments(), live, fmt.Sprintf(body, `{"name":"a","image":"i","ports":[{"containerPort":80,"protocol":"UDP"}]}`), "three")
	want := `[{"name":"a","image":"i","ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}],"resources":{}},{"name":"b","image":"i","resources":{}}]`
	if got := text(t, live.(*deployment).Spec.Template.Spec.Containers); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := entries(live)[0]; !strings.Contains(got, `"k:{\"containerPort\":80,\"protocol\":\"TCP\"}"`) {
		t.Errorf("the key has no default: %s", got)
	}
}

func TestApplyRefuses(t *testing.T) {
	for _, tt := range []struct {
		body    string
		code    int32
		reason  metav1.StatusReason
		message string
	}{
		{``, 400, metav1.StatusReasonBadRequest, "invalid object type: /, Kind="},
		{`null`, 400, metav1.StatusReasonBadRequest, "invalid object type: /, Kind="},
		{`[]`, 400, metav1.StatusReasonBadRequest, "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}"},
		{`{`, 400, metav1.StatusReasonBadRequest, "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content"},
		{`apiVersion: v1`, 400, metav1.StatusReasonBadRequest, "invalid object type: /v1, Kind="},
		{"apiVersion: v1\nkind: Secret", 400, metav1.StatusReasonBadRequest, "invalid object type: /v1, Kind=Secret"},
		{`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"managedFields":[]}}`, 400, metav1.StatusReasonBadRequest, "metadata.managedFields must be nil"},
		{`{"apiVersion":"v1","kind":"ConfigMap","foo":"x"}`, 500, "", "failed to create typed patch object (/; /v1, Kind=ConfigMap): .foo: field not declared in schema"},
		{`{"apiVersion":"v1","kind":"ConfigMap","data":{"a":1}}`, 500, "", "failed to create typed patch object (/; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}"},
		{`{"apiVersion":"v1","kind":"ConfigMap","data":[]}`, 500, "", "failed to create typed patch object (/; /v1, Kind=ConfigMap): .data: expected map, got &{[]}"},
		{`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"finalizers":["a/b","a/b"]}}`, 500, "",
			"failed to create typed patch object (/; /v1, Kind=ConfigMap): .metadata.finalizers: duplicate entries for key [=\"a/b\"]"},
	} {
		_, _, err := NewFieldManagers(FieldManagersConfig{}).Apply(configMaps(), nil, []byte(tt.body), ApplyOptions{Manager: "m"})
		wantStatus(t, err, tt.code, tt.reason, tt.message)
	}
}

func TestApplyWithKeysThatAreThereTwice(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	body := fmt.Appendf(nil, applied, "\"x\":\"1\",\"x\":\"2\",\n\"y\":\"1\",\"y\":\"2\"")
	_, warnings, err := m.Apply(configMaps(), nil, body, ApplyOptions{Manager: "m"})
	if diff := cmp.Diff([]string{`line 1: key "x" already set in map`, `line 2: key "y" already set in map`}, warnings); diff != "" || err != nil {
		t.Errorf("error %v, warnings (-want +got):\n%s", err, diff)
	}
	_, _, err = m.Apply(configMaps(), nil, body, ApplyOptions{Manager: "m", Validation: "Strict"})
	wantStatus(t, err, 400, metav1.StatusReasonBadRequest, "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n"+
		"  line 1: key \"x\" already set in map\n  line 2: key \"y\" already set in map")
	if _, warnings, err = m.Apply(configMaps(), nil, body, ApplyOptions{Manager: "m", Validation: "Ignore"}); err != nil || warnings != nil {
		t.Errorf("ignored: %v, %v", warnings, err)
	}
}

func TestCustomObjectsAreMergedByDeducedSchema(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := apply(t, m, foos(), nil, `{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"x":[1,2],"m":{"a":1}}}`, "one")
	live = apply(t, m, foos(), live, `{"apiVersion":"ex.io/v1","kind":"Foo","spec":{"m":{"b":2}},"status":{"r":1}}`, "two")
	wantEntries(t, live,
		`one Apply ex.io/v1 {"f:spec":{".":{},"f:m":{".":{},"f:a":{}},"f:x":{}}}`, `two Apply ex.io/v1 {"f:spec":{".":{},"f:m":{".":{},"f:b":{}}}}`)
	if got := text(t, live.(runtime.Unstructured).UnstructuredContent()["spec"]); got != `{"m":{"a":1,"b":2},"x":[1,2]}` {
		t.Errorf("spec is %s", got)
	}
}

// The schema is one that a CustomResourceDefinition declares; the expectations are what kube-apiserver made of it.
func TestCustomObjectsAreMergedByTheirSchema(t *testing.T) {
	foo, err := smdschema.FromOpenAPI([]byte(`{"type":"object","properties":{
		"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"replicas":{"type":"integer"}}},
		"status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	m := NewFieldManagers(FieldManagersConfig{Schema: func(schema.GroupVersionKind) *typed.ParseableType { return foo }})
	live := apply(t, m, foos(), nil, `{"apiVersion":"ex.io/v1","kind":"Foo","metadata":{"name":"s","labels":{"a":"b"}},
		"spec":{"x":[1,2],"m":{"a":1,"b":{"c":1}}},"status":{"replicas":2}}`, "m1")
	live = apply(t, m, subresource(foos(), "status"), live, `{"apiVersion":"ex.io/v1","kind":"Foo",
		"metadata":{"name":"s","annotations":{"x":"y"}},"spec":{"foo":1},"status":{"replicas":2}}`, "st")
	wantEntries(t, live,
		`m1 Apply ex.io/v1 {"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:m":{".":{},"f:a":{},"f:b":{".":{},"f:c":{}}},"f:x":{}}}`,
		`st Apply ex.io/v1 {"f:status":{"f:replicas":{}}} status`)
	_, _, err = m.Apply(foos(), nil, []byte(`{"apiVersion":"ex.io/v1","kind":"Foo","foo":1}`), ApplyOptions{Manager: "m"})
	wantStatus(t, err, 500, "", "failed to create typed patch object (/; ex.io/v1, Kind=Foo): .foo: field not declared in schema")
}

func TestSubresourcesOwnOnlyWhatTheyChange(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := apply(t, m, deployments(), nil, `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":2},"status":{"replicas":2}}`, "x")
	live = apply(t, m, subresource(deployments(), "status"), live,
		`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"a":"b"},"annotations":{"a":"b"}},"spec":{"replicas":2},"status":{"replicas":2}}`, "x")
	wantEntries(t, live, `x Apply apps/v1 {"f:spec":{"f:replicas":{}}}`, `x Apply apps/v1 {"f:metadata":{"f:annotations":{"f:a":{}}},"f:status":{"f:replicas":{}}} status`)
}

func TestScaleOwnsTheReplicasOfTheObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := NewFieldManagers(FieldManagersConfig{}), deployments()
		live := apply(t, m, d, nil, `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":2,"paused":true}}`, "x")
		shown, err := ScaleFields(d.Resource, d.Version, "spec.replicas", live.GetManagedFields())
		if err != nil {
			t.Fatal(err)
		}
		scale := &autoscalingv1.Scale{Spec: autoscalingv1.ScaleSpec{Replicas: 2}}
		scale.SetUID("u")
		scale.SetManagedFields(shown)
		wantEntries(t, scale, `x Apply autoscaling/v1 {"f:spec":{"f:replicas":{}}}`)
		_, _, err = m.Apply(subresource(d, "scale"), scale, []byte(`{"apiVersion":"autoscaling/v1","kind":"Scale","spec":{"replicas":5}}`), ApplyOptions{Manager: "y"})
		wantStatus(t, err, 409, metav1.StatusReasonConflict, `Apply failed with 1 conflict: conflict with "x": .spec.replicas`)

		changed := scale.DeepCopy()
		changed.Spec.Replicas = 7
		updated := update(t, m, subresource(d, "scale"), scale, changed, "curl")
		fields, err := ParentFields(d.Resource, d.Version, ".spec.replicas", live.GetManagedFields(), updated.GetManagedFields())
		if err != nil {
			t.Fatal(err)
		}
		live.SetManagedFields(fields)
		wantEntries(t, live, `x Apply apps/v1 {"f:spec":{"f:paused":{}}}`, `curl Update apps/v1 {"f:spec":{"f:replicas":{}}} scale`)
	})
}

func TestManagerName(t *testing.T) {
	for _, tt := range []struct{ option, agent, want string }{
		{"named", "foo/1.2 (linux)", "named"},
		{"", "foo/1.2 (linux)", "foo"},
		{"", "a b", "a b"},
		{"", "/foo", ""},
		{"", "a\x00b", "ab"},
		{"", strings.Repeat("x", 200), strings.Repeat("x", 128)},
	} {
		if got := ManagerName(tt.option, tt.agent); got != tt.want {
			t.Errorf("ManagerName(%q, %q) = %q, want %q", tt.option, tt.agent, got, tt.want)
		}
	}
	wantEntries(t, update(t, NewFieldManagers(FieldManagersConfig{}), configMaps(), nil, object(t, configMaps(), `{"data":{"x":"1"}}`), ""),
		`unknown Update v1 {"f:data":{".":{},"f:x":{}}}`)
}

func TestOtherVersionsAreConverted(t *testing.T) {
	deployment := deployments()
	versions := append([]kind.Version{{Name: "v2", New: deployment.Version.New}}, deployment.Resource.Versions...)
	resource := *deployment.Resource
	resource.Versions = versions
	v2 := kind.Target{Resource: &resource, Version: &resource.Versions[0]}
	m := NewFieldManagers(FieldManagersConfig{Convert: func(o kind.Object, _ *kind.Version, _ *kind.Resource) (kind.Object, error) {
		converted := o.DeepCopyObject().(kind.Object)
		converted.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
		return converted, nil
	}})
	live := apply(t, m, v2, nil, `{"apiVersion":"apps/v2","kind":"Deployment","spec":{"paused":true}}`, "x")
	if got := live.GetObjectKind().GroupVersionKind().Version; got != "v1" {
		t.Errorf("the outcome is of version %s, not that of the storage", got)
	}
	wantEntries(t, live, `x Apply apps/v2 {"f:spec":{"f:paused":{}}}`)
}

func TestApplySetsDefaultsInTheVersionOfTheRequest(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{Default: func(o runtime.Object) { o.(*deployment).Spec.Replicas = new(int32(1)) }})
	live := apply(t, m, deployments(), nil, `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"paused":true}}`, "x")
	if got := live.(*deployment).Spec.Replicas; got == nil || *got != 1 {
		t.Errorf("replicas are %v", got)
	}
	wantEntries(t, live, `x Apply apps/v1 {"f:spec":{"f:paused":{}}}`) // nobody owns a default
}

func TestFieldManagersMayBeUsedConcurrently(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			body := fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":%d,"selector":{"matchLabels":{"a":"b"}}}}`, i)
			if _, _, err := m.Apply(deployments(), nil, []byte(body), ApplyOptions{Manager: "m"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestASubresourceMayWriteTheObjectItself(t *testing.T) {
	m, d := NewFieldManagers(FieldManagersConfig{}), deployments()
	live := apply(t, m, d, nil, `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"paused":true}}`, "x")
	live = update(t, m, subresource(d, "scale"), live, object(t, d, `{"spec":{"paused":true,"replicas":2}}`), "y")
	wantEntries(t, live, `x Apply apps/v1 {"f:spec":{"f:paused":{}}}`, `y Update apps/v1 {"f:spec":{"f:replicas":{}}} scale`)
}

func TestSubresourcesAreOfAnObject(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	_, _, err := m.Apply(subresource(deployments(), "scale"), nil, []byte(`{"apiVersion":"autoscaling/v1","kind":"Scale"}`), ApplyOptions{Manager: "m"})
	wantStatus(t, err, 500, "", "autoscaling/v1, Kind=Scale: there is no object whose subresource it could be")
}

func BenchmarkUpdateDeployment(b *testing.B) {
	m, d := NewFieldManagers(FieldManagersConfig{}), deployments()
	sent := &deployment{}
	sent.Spec.Template.Spec.Containers = []corev1.Container{{Name: "a", Image: "i", Ports: []corev1.ContainerPort{{ContainerPort: 80}}}}
	for b.Loop() {
		if _, err := m.Update(d, nil, sent.DeepCopy(), "curl"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestStorageOfAnotherGroup(t *testing.T) {
	extensions := *deployments().Resource
	extensions.Group = "extensions"
	home := deployments()
	m := NewFieldManagers(FieldManagersConfig{
		Home: func(*kind.Resource) (*kind.Resource, *kind.Version) { return home.Resource, home.Version },
		Convert: func(o kind.Object, _ *kind.Version, resource *kind.Resource) (kind.Object, error) {
			converted := o.DeepCopyObject().(kind.Object)
			converted.GetObjectKind().SetGroupVersionKind(resource.GroupVersionKind(&resource.Versions[0]))
			return converted, nil
		},
	})
	there := kind.Target{Resource: &extensions, Version: &extensions.Versions[0]}
	live := update(t, m, home, nil, object(t, home, `{"spec":{"paused":true}}`), "one")
	live = apply(t, m, there, live, `{"apiVersion":"extensions/v1","kind":"Deployment","spec":{"replicas":2}}`, "two")
	if got := live.GetObjectKind().GroupVersionKind(); got != deploymentKind {
		t.Errorf("the outcome is of kind %v, not as it is stored", got)
	}
	if got := entries(live)[0]; got != `two Apply extensions/v1 {"f:spec":{"f:replicas":{}}}` {
		t.Errorf("got %s", got)
	}
}

func TestEntriesOfVersionsThatAreNoLongerServedGo(t *testing.T) {
	m := NewFieldManagers(FieldManagersConfig{})
	live := object(t, configMaps(), `{"metadata":{"uid":"u","managedFields":[{"manager":"old","operation":"Apply","apiVersion":"v0",
		"fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:x":{}}}}]},"data":{"x":"1"}}`)
	wantEntries(t, update(t, m, configMaps(), live, object(t, configMaps(), `{"data":{"x":"2"}}`), "new"), `new Update v1 {"f:data":{"f:x":{}}}`)
}

func FuzzApply(f *testing.F) {
	f.Add(fmt.Sprintf(applied, `"x":"1"`))
	f.Add("apiVersion: apps/v1\nkind: Deployment\nmetadata: {labels: {a: b}}\nspec:\n  template: {spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}")
	f.Add(`{"apiVersion":"ex.io/v1","kind":"Foo","metadata":{"managedFields":[{}],"ownerReferences":[{"uid":"u"}]},"spec":{"a":[1,null]}}`)
	m := NewFieldManagers(FieldManagersConfig{})
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range []kind.Target{configMaps(), deployments(), foos()} {
			existing := target.Version.New()
			existing.GetObjectKind().SetGroupVersionKind(target.Resource.GroupVersionKind(target.Version))
			existing.SetUID("u")
			existing.SetLabels(map[string]string{"a": "c"})
			for _, live := range []kind.Object{nil, existing} {
				got, _, err := m.Apply(target, live, []byte(body), ApplyOptions{Manager: "m"})
				if err == nil && got == nil {
					t.Error("neither an object nor an error")
				}
				if err != nil && !errors.As(err, new(apierrors.APIStatus)) {
					t.Errorf("the error has no status: %v", err)
				}
			}
		}
	})
}
