package smdschema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
	"sigs.k8s.io/yaml"
)

// shown is a definition of a schema as YAML; the test fails if there is none.
func shown(t *testing.T, parser *typed.Parser, name string) string {
	t.Helper()
	definition, ok := parser.Schema.FindNamedType(name)
	if !ok {
		t.Fatalf("there is no type %s", name)
	}
	return render(definition.Atom)
}

// render describes what an atom can be, shortly.
func render(a schema.Atom) string {
	var kinds []string
	if a.Scalar != nil {
		kinds = append(kinds, string(*a.Scalar))
	}
	if a.List != nil {
		list := string(a.List.ElementRelationship) + " list of " + renderRef(a.List.ElementType)
		if len(a.List.Keys) > 0 {
			list += " by " + strings.Join(a.List.Keys, ",")
		}
		kinds = append(kinds, list)
	}
	if a.Map != nil {
		object := strings.TrimSpace(string(a.Map.ElementRelationship) + " map")
		if !reflect.DeepEqual(a.Map.ElementType, schema.TypeRef{}) {
			object += " of " + renderRef(a.Map.ElementType)
		}
		for _, field := range a.Map.Fields {
			object += "; " + field.Name + ": " + renderRef(field.Type)
			if field.Default != nil {
				data, _ := yaml.Marshal(field.Default)
				object += " = " + strings.TrimSpace(string(data))
			}
		}
		kinds = append(kinds, object)
	}
	return strings.Join(kinds, " | ")
}

func renderRef(r schema.TypeRef) string {
	if r.NamedType == nil {
		return "(" + render(r.Inlined) + ")"
	}
	name := (*r.NamedType)[strings.LastIndex(*r.NamedType, ".")+1:]
	if r.ElementRelationship != nil {
		name = string(*r.ElementRelationship) + " " + name
	}
	return name
}

func TestBuiltinTypes(t *testing.T) {
	parser, err := New(Builtin(), reflect.TypeFor[corev1.Pod](), reflect.TypeFor[appsv1.Deployment](), reflect.TypeFor[rbacv1.ClusterRole](),
		reflect.TypeFor[corev1.Service](), reflect.TypeFor[appsv1.ControllerRevision]())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"io.k8s.api.core.v1.ContainerPort": `map; name: (string); hostPort: (numeric); containerPort: (numeric) = 0; protocol: (string) = TCP; hostIP: (string)`,
		"io.k8s.api.core.v1.ServicePort": `map; name: (string); protocol: (string) = TCP; appProtocol: (string); port: (numeric) = 0; ` +
			`targetPort: IntOrString; nodePort: (numeric)`,
		"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector": `atomic map; matchLabels: (map of (string)); ` +
			`matchExpressions: (atomic list of LabelSelectorRequirement)`,
		"io.k8s.api.core.v1.ResourceRequirements": `map; limits: (map of Quantity); requests: (map of Quantity); ` +
			`claims: (associative list of ResourceClaim by name)`,
		"io.k8s.api.core.v1.Capabilities":                 `map; add: (atomic list of (string)); drop: (atomic list of (string))`,
		"io.k8s.apimachinery.pkg.api.resource.Quantity":   `untyped`,
		"io.k8s.apimachinery.pkg.apis.meta.v1.Time":       `untyped`,
		"io.k8s.apimachinery.pkg.util.intstr.IntOrString": `untyped | atomic list of __untyped_atomic_ | map of __untyped_deduced_`,
		"io.k8s.apimachinery.pkg.runtime.RawExtension":    `untyped | atomic list of __untyped_atomic_ | atomic map of __untyped_atomic_`,
		"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1":   `map of __untyped_deduced_`,
		"io.k8s.api.apps.v1.RollingUpdateDeployment":      `map; maxUnavailable: IntOrString; maxSurge: IntOrString`,
		"io.k8s.api.apps.v1.ControllerRevision":           `map; kind: (string); apiVersion: (string); metadata: ObjectMeta = {}; data: RawExtension; revision: (numeric) = 0`,
		"io.k8s.api.core.v1.LocalObjectReference":         `atomic map; name: (string) = ""`,
		"io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference": `atomic map; apiVersion: (string) = ""; kind: (string) = ""; name: (string) = ""; ` +
			`uid: (string) = ""; controller: (boolean); blockOwnerDeletion: (boolean)`,
	} {
		if diff := cmp.Diff(want, shown(t, parser, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if pod := shown(t, parser, "io.k8s.api.core.v1.PodSpec"); !strings.Contains(pod, "containers: (associative list of Container by name)") {
		t.Errorf("containers are not merged by name: %s", pod)
	}
}

func TestEveryReferenceHasADefinition(t *testing.T) {
	parser, err := New(Builtin(), reflect.TypeFor[corev1.Pod]())
	if err != nil {
		t.Fatal(err)
	}
	var check func(a schema.Atom)
	ref := func(r schema.TypeRef) {
		if r.NamedType == nil {
			check(r.Inlined)
		} else if _, ok := parser.Schema.FindNamedType(*r.NamedType); !ok {
			t.Errorf("%s is not defined", *r.NamedType)
		}
	}
	check = func(a schema.Atom) {
		if a.List != nil {
			ref(a.List.ElementType)
		}
		if a.Map != nil {
			for _, field := range a.Map.Fields {
				ref(field.Type)
			}
		}
	}
	for _, definition := range parser.Schema.Types {
		check(definition.Atom)
	}
}

type sample struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Untagged string
	Hidden   string             `json:"-"`
	Quoted   int64              `json:"quoted,string"`
	Bytes    []byte             `json:"bytes"`
	Merged   []element          `json:"merged" patchStrategy:"merge" patchMergeKey:"name"`
	Set      []string           `json:"set" patchStrategy:"merge,retainKeys"`
	Marked   []element          `json:"marked"`
	Labels   map[string]string  `json:"labels"`
	Child    *sample            `json:"child"`
	Any      any                `json:"any"`
	At       metav1.Time        `json:"at"`
	For      metav1.Duration    `json:"for"`
	Amount   resource.Quantity  `json:"amount"`
	Port     intstr.IntOrString `json:"port"`
	Raw      runtime.RawExtension
	Message  json.RawMessage `json:"message,omitempty"`
	OrBool   orBool          `json:"orBool"`
}

// orBool is in JSON an element or a boolean.
type orBool struct {
	Element *element
}

func (o *orBool) UnmarshalJSON([]byte) error { return nil }

type element struct {
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
}

const sampleMarkers = `# a comment
github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema
	element	structType=atomic
	element.Kind	default="x"
	sample.Child	structType=granular
	sample.Labels	mapType=atomic
	sample.Marked	listType=map	listMapKey=name	listMapKey=kind
`

func TestOwnTypes(t *testing.T) {
	markers, err := ParseMarkers(sampleMarkers)
	if err != nil {
		t.Fatal(err)
	}
	parser, err := New(markers, reflect.TypeFor[sample]())
	if err != nil {
		t.Fatal(err)
	}
	const path = "com.github.kubewright.kubewright.pkg.apiservertest.internal.smdschema."
	want := strings.Join([]string{
		`map`, `kind: (string)`, `apiVersion: (string)`, `metadata: ObjectMeta = {}`, `Untagged: (string) = ""`, `quoted: (string)`, `bytes: (string)`,
		`merged: (associative list of element by name)`, `set: (associative list of (string))`, `marked: (associative list of element by name,kind)`,
		`labels: (atomic map of (string))`, `child: separable sample`, `any: (untyped | atomic list of __untyped_atomic_ | map of __untyped_deduced_)`,
		`at: Time`, `for: Duration`, `amount: Quantity`, `port: IntOrString`, `Raw: RawExtension`,
		`message: (untyped | atomic list of __untyped_atomic_ | map of __untyped_deduced_)`, `orBool: orBool`,
	}, "; ")
	if diff := cmp.Diff(want, shown(t, parser, path+"sample")); diff != "" {
		t.Errorf("sample (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(`untyped | atomic list of __untyped_atomic_ | map of __untyped_deduced_`, shown(t, parser, path+"orBool")); diff != "" {
		t.Errorf("orBool (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(`atomic map; name: (string) = ""; kind: (string) = x`, shown(t, parser, path+"element")); diff != "" {
		t.Errorf("element (-want +got):\n%s", diff)
	}
}

func TestTypesThatCannotBe(t *testing.T) {
	for _, tt := range []struct {
		typ     reflect.Type
		markers string
		want    string
	}{
		{reflect.TypeFor[struct{ C chan int }](), "", "C: the type chan int has no JSON"},
		{reflect.TypeFor[struct{ M map[int]string }](), "", "M: the keys of a map must be strings, not int"},
		{reflect.TypeFor[struct{ D []map[time.Duration]string }](), "", "D: the keys of a map must be strings, not time.Duration"},
		{reflect.TypeFor[sample](), "sample.Merged\tlistType=heap", "Merged: listType=heap: it must be atomic, set or map"},
		{reflect.TypeFor[sample](), "sample.Merged\tlistType=map", "Merged: listType=map needs a listMapKey"},
		{reflect.TypeFor[sample](), "sample.Labels\tmapType=x", "Labels: mapType=x: it must be atomic or granular"},
		{reflect.TypeFor[sample](), "sample\tstructType=x", "structType=x: it must be atomic or granular"},
		{reflect.TypeFor[sample](), "sample.Labels\tdefault={", "Labels: default={: unexpected end of JSON input"},
	} {
		markers, err := ParseMarkers("github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema\n\t" + tt.markers)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(markers, tt.typ); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%v with %q: got error %v, want %q", tt.typ, tt.markers, err, tt.want)
		}
	}
	if _, err := ParseMarkers("\tsample\tstructType=atomic"); err == nil || err.Error() != "markers, line 1: write the path of a package before its types" {
		t.Errorf("got error %v", err)
	}
}

func TestFromOpenAPI(t *testing.T) {
	parseable, err := FromOpenAPI([]byte(`{"type":"object","properties":{
		"spec":{"type":"object","properties":{
			"ports":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["port"],"items":{"type":"object","properties":{"port":{"type":"integer"}}}},
			"template":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	definition, _ := parseable.Schema.FindNamedType("object")
	fields := make(map[string]string)
	for _, field := range definition.Map.Fields {
		fields[field.Name] = renderRef(field.Type)
	}
	if fields["metadata"] != "ObjectMeta" || fields["kind"] != "(string)" {
		t.Errorf("got %v", fields)
	}
	if !strings.Contains(fields["spec"], "ports: (associative list of (map; port: (numeric)) by port)") {
		t.Errorf("spec is %s", fields["spec"])
	}
	if _, err := parseable.FromUnstructured(map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "b"}},
		"spec": map[string]any{"template": map[string]any{"metadata": map[string]any{"name": "x"}, "more": int64(1)}}}); err != nil {
		t.Error(err)
	}
	if _, err := parseable.FromUnstructured(map[string]any{"other": "x"}); err == nil {
		t.Error("a field that is not in the schema is accepted")
	}
	if _, err := FromOpenAPI([]byte(`[]`)); err == nil || !strings.HasPrefix(err.Error(), "the schema is not OpenAPI: ") {
		t.Errorf("got error %v", err)
	}
}

func BenchmarkDerivePod(b *testing.B) {
	markers := Builtin()
	for b.Loop() {
		if _, err := New(markers, reflect.TypeFor[corev1.Pod]()); err != nil {
			b.Fatal(err)
		}
	}
}
