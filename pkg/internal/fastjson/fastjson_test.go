package fastjson

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	resourcev1 "k8s.io/api/resource/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/intstr"
	sigsjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// shared has strings of all documents of all tests.
var shared = text.NewShared()

// compare decodes data both ways into new values of type t. What fastjson decodes has to be what apimachinery does.
func compare(t *testing.T, typ reflect.Type, data []byte) (done bool) {
	t.Helper()
	ours, theirs := reflect.New(typ), reflect.New(typ)
	before := string(data)
	done = Unmarshal(data, ours.Interface(), shared)
	if string(data) != before {
		t.Fatalf("%s: the document was changed", typ)
	}
	if !done {
		if !ours.Elem().IsZero() {
			t.Errorf("%s: %s\nwas left to another decoder, with something in the value: %+v", typ, data, ours.Elem())
		}
		return false
	}
	if err := sigsjson.UnmarshalCaseSensitivePreserveInts(data, theirs.Interface()); err != nil {
		t.Errorf("%s: %q was decoded, but is an error: %v", typ, data, err)
	} else if !reflect.DeepEqual(ours.Interface(), theirs.Interface()) {
		t.Errorf("%s: %q was decoded to something else (-theirs +ours):\n%s", typ, data, cmp.Diff(theirs.Interface(), ours.Interface(), cmp.Exporter(func(reflect.Type) bool { return true })))
	}
	return true
}

func TestDecodesEveryKindAsApimachineryDoes(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme, rbacv1.AddToScheme,
		autoscalingv2.AddToScheme, storagev1.AddToScheme, resourcev1.AddToScheme, coordinationv1.AddToScheme,
		admissionregistrationv1.AddToScheme, flowcontrolv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(scheme))
	for gvk, typ := range scheme.AllKnownTypes() {
		if gvk.Version == runtime.APIVersionInternal {
			continue // never on the wire
		}
		for range 4 {
			obj := reflect.New(typ)
			fill.Fill(obj.Interface())
			data, err := json.Marshal(obj.Interface())
			if err != nil {
				t.Fatalf("%s: %v", gvk, err)
			}
			if !compare(t, typ, data) {
				t.Errorf("%s was left to another decoder: %s", gvk, data)
			}
			indented, err := json.MarshalIndent(obj.Interface(), "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			if !compare(t, typ, indented) {
				t.Errorf("%s with white space was left to another decoder", gvk)
			}
		}
	}
}

type (
	name string

	inner struct {
		A int    `json:"a"`
		B string `json:"b,omitempty"`
		C int
		D int
	}
	outer struct {
		C int // and neither is a field of all
	}
	// all has everything that the types of an API may have, and some of what they may not.
	all struct {
		inner
		outer
		Untagged  int
		D         string         // hides that of inner
		Ignored   int            `json:"-"`
		Bool      bool           `json:"bool"`
		String    name           `json:"string"`
		I8        int8           `json:"i8"`
		I16       int16          `json:"i16"`
		I32       int32          `json:"i32"`
		I64       int64          `json:"i64"`
		U         uint           `json:"u"`
		U8        uint8          `json:"u8"`
		U16       uint16         `json:"u16"`
		U32       uint32         `json:"u32"`
		U64       uint64         `json:"u64"`
		F32       float32        `json:"f32"`
		F64       float64        `json:"f64"`
		Any       any            `json:"any"`
		Pointer   *int32         `json:"pointer"`
		Deep      **inner        `json:"deep"`
		Self      *all           `json:"self"`
		Selves    []all          `json:"selves"`
		Strings   []string       `json:"strings"`
		Bytes     []byte         `json:"bytes"`
		Array     [2]int         `json:"array"`
		Empty     []struct{}     `json:"empty"`
		Map       map[name]inner `json:"map"`
		Labels    map[string]string
		Lists     map[string][]string `json:"lists"`
		ByInt     map[int]string      `json:"byInt"`
		Anything  map[string]any      `json:"anything"`
		Time      metav1.Time         `json:"time"`
		MicroTime *metav1.MicroTime   `json:"microTime"`
		Duration  metav1.Duration     `json:"duration"`
		Port      intstr.IntOrString  `json:"port"`
		Raw       runtime.RawExtension
		Fields    *metav1.FieldsV1
		Quoted    quoted          `json:"quoted"`
		Number    json.Number     `json:"number"`
		Message   json.RawMessage `json:"message"`
	}
	// quoted is decoded elsewhere.
	quoted struct {
		N int `json:"n,string"`
		*Embedded
	}
	// Embedded can be set through a pointer, since it is exported.
	Embedded inner
)

// documents are for the type all: those that are decoded, and those that are left to another decoder.
var documents = map[string]bool{
	`{}`:                                 true,
	" \t\r\n{ } \n":                      true,
	`null`:                               true,
	`{"a":1,"b":"x","Untagged":2,"-":3}`: true,
	`{"Ignored":1,"hidden":2,"A":3,"aa":4,"C":5,"D":"x"}`:                                  true, // no such fields
	`{"bool":true,"string":"s","i8":-128,"i16":32767,"i32":-1,"i64":-9223372036854775808}`: true,
	`{"u":1,"u8":255,"u16":65535,"u32":4294967295,"u64":18446744073709551615}`:             true,
	`{"f32":1.5,"f64":-1e-7,"F64":0}`:                                                      true,
	`{"f64":0,"i8":0,"i16":-0}`:                                                            true,
	`{"any":null}`:                                                                         true,
	`{"any":{"a":[1,-2,3.0,1e2,"x",true,false,null,{},[]],"b":{"c":9223372036854775807}}}`: true,
	`{"any":[1,2,3,4,5,6,7,8,9]}`:                                                          true,
	`{"any":9223372036854775808}`:                                                          true, // a float64
	`{"pointer":5,"deep":{"a":1},"self":{"self":{"a":2}},"selves":[{},{"a":1},null]}`:      true,
	`{"pointer":null,"deep":null,"self":null,"selves":null,"strings":null,"bytes":null,"map":null,"Labels":null,"any":null}`: true,
	`{"bool":null,"string":null,"i8":null,"u8":null,"f32":null,"time":null,"microTime":null,"array":null}`:                   true,
	`{"strings":["a","",null,"b"],"bytes":"aGVsbG8=","array":[1,2],"empty":[{},{}]}`:                                         true,
	`{"strings":[],"bytes":"","array":[],"empty":[],"map":{},"Labels":{},"lists":{}}`:                                        true,
	`{"map":{"x":{"a":1},"y":{},"x":{"b":"2"}},"Labels":{"a":"b","c":null,"a":"d"},"lists":{"x":["y"],"z":null}}`:            true,
	`{"byInt":{"1":"a"},"anything":{"a":{"b":[]}}}`:                                                                          true,
	`{"time":"2024-02-29T23:59:59Z","microTime":"2024-02-29T23:59:59.123456+02:00","duration":"1h"}`:                         true,
	`{"port":"http"}`: true,
	`{"port":80,"Raw":{"x":[1, 2]},"Fields":{"f:metadata":{"f:name":{}}}}`:                              true,
	`{"quoted":{"n":"5","a":6},"number":12.50,"message": {"x" : 1} }`:                                   true,
	`{"string":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000"}`:                                       true,
	`{"string":"héllo €😀"}`:                                                                             true,
	`{"unknown":{"a":[1,{"b":"\u12aB"}],"c":-1.5E+10,"d":true,"e":null},"other":[],"and":{}}`:           true,
	`{"strings":["` + strings.Repeat("long ", 100) + `","short"]}`:                                      true,
	`{"strings":[` + strings.Repeat(`"x",`, 100) + `"y"]}`:                                              true,
	`{"selves":[` + strings.Repeat(`{"strings":["x"],"self":{"a":3},"selves":[{"a":1}]},`, 50) + `{}]}`: true,

	``:                                false,
	`{`:                               false,
	`{"a"`:                            false,
	`{"a":1`:                          false,
	`{"a":1,`:                         false,
	`{"a":1,}`:                        false,
	`{"a":1]`:                         false,
	`{,}`:                             false,
	`{"a" 1}`:                         false,
	`{a:1}`:                           false,
	`{"a":1}x`:                        false,
	`{"a":1}{}`:                       false,
	"{\"a\":1}\x00":                   false,
	"\x00{}":                          false,
	`[]`:                              false,
	`"x"`:                             false,
	`{"a":01}`:                        false,
	`{"a":-}`:                         false,
	`{"a":+1}`:                        false,
	`{"a":1.}`:                        false,
	`{"a":.5}`:                        false,
	`{"a":1e}`:                        false,
	`{"a":1.0}`:                       false,
	`{"a":"1"}`:                       false,
	`{"i8":128}`:                      false,
	`{"u8":-1}`:                       false,
	`{"f32":1e39}`:                    false,
	`{"f64":1e999}`:                   false,
	`{"any":1e999}`:                   false,
	`{"bool":1}`:                      false,
	`{"bool":tru}`:                    false,
	`{"bool":nul}`:                    false,
	`{"string":1}`:                    false,
	`{"string":"`:                     false,
	`{"string":"\`:                    false,
	`{"string":"\"}`:                  false,
	`{"string":"\x"}`:                 false,
	`{"string":"\u12"}`:               false,
	`{"string":"\u12x4"}`:             false,
	`{"string":"\u+123"}`:             false,
	"{\"string\":\"a\nb\"}":           false,
	`{"strings":["a" "b"]}`:           false,
	`{"strings":["a",]}`:              false,
	`{"strings":{}}`:                  false,
	`{"map":[]}`:                      false,
	`{"map":{"x":1}}`:                 false,
	`{"Labels":{"a":1}}`:              false,
	`{"Labels":{"a"}}`:                false,
	`{"bytes":"!"}`:                   false,
	`{"time":"yesterday"}`:            false,
	`{"time":1}`:                      false,
	`{"duration":null}`:               false,
	`{"duration":5}`:                  false,
	`{"port":{}}`:                     false,
	`{"quoted":{"n":5}}`:              false,
	`{"byInt":{"x":"a"}}`:             false,
	`{"unknown":{"a":[1,}}`:           false,
	`{"unknown":"\q"}`:                false,
	`{"unknown":[1 2]}`:               false,
	`{"unknown":-01}`:                 false,
	"{\"unknown\":\"\x01\"}":          false,
	`{"any":[1,]}`:                    false,
	`{"any":{"a":}}`:                  false,
	`{"any":{"a":1,}}`:                false,
	`{"any":{1:1}}`:                   false,
	`{"any":"\ud800"}`:                false, // right, but rare
	`{"string":"\ud800\u0041"}`:       false, // right, but rare
	"{\"string\":\"\xff\"}":           false, // right, but rare
	`{"a":1,"a":2}`:                   false, // right, but rare
	`{"self":{"a":1},"self":{}}`:      false, // right, but rare
	`{"\u0061":1}`:                    false, // right, but rare
	`{"bytes":[1,2]}`:                 false, // right, but rare
	`{"port":"\u0068"}`:               true,
	`{"port":-80}`:                    true,
	`{"port":null}`:                   true,
	`{"port":1.5}`:                    false,
	`{"port":1e2}`:                    false,
	`{"port":2147483648}`:             false,
	`{"port":true}`:                   false,
	`{"bytes":"aGVs\nbG8="}`:          false, // right, but rare
	strings.Repeat(`{"self":`, 2000):  false,
	strings.Repeat(`[`, 100000) + `x`: false,
	`{"unknown":` + strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000) + `}`: false, // right, but rare
}

func TestDecodesWhatIsUsualAndLeavesTheRest(t *testing.T) {
	for document, want := range documents {
		t.Run(fmt.Sprintf("%.40s", document), func(t *testing.T) {
			if done := compare(t, reflect.TypeFor[all](), []byte(document)); done != want {
				t.Errorf("decoded: %v, want %v", done, want)
			}
		})
	}
}

func TestLeavesTargetsThatAreNotEmpty(t *testing.T) {
	into := inner{A: 1}
	for _, target := range []any{&into, into, (*inner)(nil), nil} {
		if Unmarshal([]byte(`{"b":"x"}`), target, nil) {
			t.Errorf("decoded into %#v", target)
		}
	}
	if into != (inner{A: 1}) {
		t.Errorf("the target was changed: %+v", into)
	}
}

func TestKeepsNothingOfTheDocument(t *testing.T) {
	data := []byte(`{"string":"short","strings":["` + strings.Repeat("long", 100) + `"],"Raw":{"x":"raw"},"any":{"key":"value"},"Labels":{"key":"value"}}`)
	var ours, theirs all
	if !Unmarshal(data, &ours, shared) || sigsjson.UnmarshalCaseSensitivePreserveInts(data, &theirs) != nil {
		t.Fatal("not decoded")
	}
	for i := range data {
		data[i] = 'x'
	}
	if !reflect.DeepEqual(ours, theirs) {
		t.Error("the value changes with the document:", cmp.Diff(theirs, ours, cmp.Exporter(func(reflect.Type) bool { return true })))
	}
}

// TestDecodersDoNotShareElements: what one document leaves in the room that slices and maps are decoded in is not in the next.
func TestDecodersDoNotShareElements(t *testing.T) {
	for range 3 {
		compare(t, reflect.TypeFor[all](), []byte(`{"selves":[{"a":1,"strings":["x"],"pointer":1},{"b":"y"}],"map":{"x":{"a":1,"b":"c"}}}`))
		compare(t, reflect.TypeFor[all](), []byte(`{"selves":[{"a":1,"strings":["x"]},{"a":"an error"}],"map":{"x":{"a":1,"b":2}}}`))
		compare(t, reflect.TypeFor[all](), []byte(`{"selves":[{},{},{"self":{}}],"map":{"z":{}}}`))
	}
}

func TestTypeMeta(t *testing.T) {
	for document, want := range map[string]string{
		`{"kind":"Pod","apiVersion":"v1","metadata":{}}`:              "v1 Pod",
		` { "apiVersion" : "apps/v1" , "kind" : "Deployment" , "a":1`: "apps/v1 Deployment",
		`{"kind":"Pod","apiVersion":"v1"}`:                            "v1 Pod",
		`{"kind":"Pod","metadata":{},"apiVersion":"v1"}`:              "",
		`{"kind":"Pod","kind":"Pod"}`:                                 "",
		`{"kind":"P\u006fd","apiVersion":"v1"}`:                       "",
		`{"kind":"Pod"}`:                                              "",
		`{"kind":1,"apiVersion":"v1"}`:                                "",
		`{}`:                                                          "",
		`[]`:                                                          "",
		``:                                                            "",
	} {
		apiVersion, kind, ok := TypeMeta([]byte(document))
		if got := fmt.Sprintf("%s %s", apiVersion, kind); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %q, %v", document, got, ok)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	for document := range documents {
		if len(document) < 1000 {
			f.Add([]byte(document))
		}
	}
	f.Add([]byte(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","labels":{"b":"c"},"creationTimestamp":"2024-01-01T00:00:00Z"},"spec":{"containers":[{"name":"x","resources":{"limits":{"cpu":"100m"}}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		compare(t, reflect.TypeFor[all](), data)
		compare(t, reflect.TypeFor[corev1.Pod](), data)
		compare(t, reflect.TypeFor[map[string]any](), data)
		TypeMeta(data)
	})
}
