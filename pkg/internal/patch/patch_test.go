package patch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

const (
	jp = types.JSONPatchType
	mp = types.MergePatchType
	sp = types.StrategicMergePatchType
)

// The expectations are what kube-apiserver v1.36 answered.
var outcomes = []struct {
	name       string
	typ        types.PatchType
	body       string
	validation string
	want       string // JSON of what is in the config map behind metadata
	warnings   []string
}{
	{name: "json add", typ: jp, body: `[{"op":"add","path":"/data/y","value":"2"}]`, want: `{"x":"1","y":"2"}`},
	{name: "json test", typ: jp, body: `[{"op":"test","path":"/data/x","value":"1"},{"op":"remove","path":"/data/x"}]`, want: `{}`},
	{name: "json null", typ: jp, body: `null`, want: `{"x":"1"}`},
	{name: "json copy of what is not there", typ: jp, body: `[{"op":"copy","from":"/data/y","path":"/data/z"}]`, want: `{"x":"1","z":""}`},
	{name: "json without kind", typ: jp, body: `[{"op":"remove","path":"/kind"}]`, want: `{"x":"1"}`},
	{name: "json unknown field", typ: jp, body: `[{"op":"add","path":"/foo","value":"str"}]`, want: `{"x":"1"}`,
		warnings: []string{`unknown field "foo"`}},
	{name: "json duplicate field of operation", typ: jp, body: `[{"op":"add","op":"add","path":"/data/x","value":"2"}]`, want: `{"x":"2"}`,
		warnings: []string{`json patch duplicate field "[0].op"`}},
	{name: "json unknown field of operation", typ: jp, body: `[{"op":"add","path":"/data/x","value":"2","foo":"x"}]`, want: `{"x":"2"}`,
		warnings: []string{`json patch unknown field "[0].foo"`}},
	{name: "json duplicate field in a value", typ: jp, body: `[{"op":"add","path":"/foo","value":{"a":1,"a":2}}]`, want: `{"x":"1"}`,
		warnings: []string{`json patch duplicate field "[0].value.a"`, `unknown field "foo"`}},
	{name: "json ignore", typ: jp, body: `[{"op":"add","OP":"x","path":"/foo","value":{"a":1,"a":2}}]`, validation: "Ignore", want: `{"x":"1"}`},
	{name: "merge", typ: mp, body: `{"data":{"x":null,"y":"2"}}`, want: `{"y":"2"}`},
	{name: "merge duplicate", typ: mp, body: `{"data":{"x":"2","x":"3"}}`, want: `{"x":"3"}`, warnings: []string{`duplicate field "data.x"`}},
	{name: "merge case of fields", typ: mp, body: `{"DATA":{"x":"9"}}`, want: `{"x":"1"}`, warnings: []string{`unknown field "DATA"`}},
	{name: "merge unknown and duplicate", typ: mp, body: `{"data":null,"x":{"x":1,"x":2}}`, want: `null`,
		warnings: []string{`duplicate field "x.x"`, `unknown field "x"`}},
	{name: "merge ignore", typ: mp, body: `{"data":{"x":"2","x":"3"},"foo":1}`, validation: "Ignore", want: `{"x":"3"}`},
	{name: "strategic", typ: sp, body: `{"data":{"y":"2"}}`, want: `{"x":"1","y":"2"}`},
	{name: "strategic null", typ: sp, body: `null`, want: `{"x":"1"}`},
	{name: "strategic other kind", typ: sp, body: `{"kind":"Secret","apiVersion":"v2"}`, want: `{"x":"1"}`},
	{name: "strategic unknown and duplicate", typ: sp, body: `{"data":null,"x":{"x":1,"x":2}}`, want: `null`,
		warnings: []string{`duplicate field "x.x"`, `unknown field "x"`}},
	{name: "strategic ignore", typ: sp, body: `{"metadata":{"foo":"x"}}`, validation: "Ignore", want: `{"x":"1"}`},
}

func TestPatchMakesANewObject(t *testing.T) {
	for _, tt := range outcomes {
		t.Run(tt.name, func(t *testing.T) {
			current := object(t, configMaps(), `{"metadata":{"name":"a"},"data":{"x":"1"}}`)
			before := current.DeepCopyObject()
			got, warnings, err := Patch(current, Request{Type: tt.typ, Kind: configMapKind, Body: []byte(tt.body), Validation: tt.validation})
			if err != nil {
				t.Fatal(err)
			}
			if data := text(t, got.(*configMap).Data); data != tt.want {
				t.Errorf("data is %s, want %s", data, tt.want)
			}
			if diff := cmp.Diff(tt.warnings, warnings); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if got.GetObjectKind().GroupVersionKind() != configMapKind {
				t.Errorf("the object is of %v", got.GetObjectKind().GroupVersionKind())
			}
			if diff := cmp.Diff(before, current); diff != "" {
				t.Errorf("the current object has changed (-before +after):\n%s", diff)
			}
		})
	}
}

const document = `{"apiVersion":"v1",%s"kind":"ConfigMap","metadata":{"name":"a"}}`

var refusals = []struct {
	name       string
	typ        types.PatchType
	body       string
	validation string
	code       int32
	message    string
}{
	{"json not an array", jp, `{"a":1}`, "", 400, "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"},
	{"json not an array, ignored", jp, `{"a":1}`, "Ignore", 400, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"},
	{"json operation of a wrong type", jp, `[{"op":3}]`, "", 400, "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string"},
	{"json operation of a wrong type, ignored", jp, `[{"op":3}]`, "Ignore", 422, "the server rejected our request due to an error in our request"},
	{"json truncated", jp, `[`, "", 400, "error decoding patch: unexpected end of JSON input"},
	{"json empty", jp, ``, "", 400, "error decoding patch: unexpected end of JSON input"},
	{"json more", jp, `[] 3`, "", 400, "error decoding patch: invalid character '3' after top-level value"},
	{"json unknown operation", jp, `[{"op":"x","path":"/data"}]`, "", 422, "the server rejected our request due to an error in our request"},
	{"json no such path", jp, `[{"op":"replace","path":"/nope/x","value":1}]`, "", 422, "the server rejected our request due to an error in our request"},
	{"json failed test", jp, `[{"op":"test","path":"/data/x","value":"2"}]`, "", 422, "the server rejected our request due to an error in our request"},
	{"json no operation", jp, `[null]`, "", 422, "the server rejected our request due to an error in our request"},
	{"json without a value for the whole document", jp, `[{"op":"replace","path":""}]`, "", 422, "the server rejected our request due to an error in our request"},
	{"json whole document", jp, `[{"op":"replace","path":"","value":[]}]`, "", 422,
		" \"\" is invalid: patch: Invalid value: \"[]\": couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }"},
	{"json strict", jp, `[{"op":"add","path":"/foo","value":{"a":1,"a":2}}]`, "Strict", 422,
		` "" is invalid: patch: Invalid value: ` + quoted(`"data":{"x":"1"},"foo":{"a":1,"a":2},`) + `: strict decoding error: json patch duplicate field "[0].value.a", unknown field "foo"`},
	{"merge not an object", mp, `[]`, "", 400, "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"},
	{"merge null", mp, `null`, "", 400, "Invalid JSON Patch"},
	{"merge truncated", mp, `{`, "", 400, "error decoding patch: unexpected end of JSON input"},
	{"merge truncated, ignored", mp, `{`, "Ignore", 400, "Invalid JSON Patch"},
	{"merge array, ignored", mp, `[]`, "Ignore", 422,
		" \"\" is invalid: patch: Invalid value: \"[]\": couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }"},
	{"merge of a wrong type", mp, `{"data":"s","foo":1}`, "Strict", 422,
		` "" is invalid: patch: Invalid value: ` + quoted(`"data":"s","foo":1,`) + `: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string`},
	{"merge strict", mp, `{"data":{"x":"2","x":"3"},"foo":1}`, "Strict", 422,
		` "" is invalid: patch: Invalid value: ` + quoted(`"data":{"x":"3"},"foo":1,`) + `: strict decoding error: duplicate field "data.x", unknown field "foo"`},
	{"merge other version", mp, `{"apiVersion":"v2"}`, "", 422,
		` "" is invalid: patch: Invalid value: ` + strings.Replace(quoted(`"data":{"x":"1"},`), "v1", "v2", 1) + `: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"`},
	{"merge no version", mp, `{"apiVersion":null}`, "", 400, "the name of the object (a based on URL) was undeterminable: name must be provided"},
	{"strategic not an object", sp, `[]`, "", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}"},
	{"strategic empty", sp, ``, "", 400, "unexpected end of JSON input"},
	{"strategic strict", sp, `{"data":null,"x":{"x":1,"x":2}}`, "Strict", 422,
		` "" is invalid: patch: Invalid value: "map[data:<nil> x:map[x:2]]": strict decoding error: duplicate field "x.x", unknown field "x"`},
	{"strategic of a wrong type", sp, `{"data":"s"}`, "", 422, ` "" is invalid: patch: Invalid value: "map[data:s]": cannot restore map from string`},
	{"strategic number for string", sp, `{"data":{"x":1}}`, "Ignore", 422, ` "" is invalid: patch: Invalid value: "map[data:map[x:1]]": cannot convert int64 to string`},
	{"strategic keys to retain", sp, `{"metadata":{"labels":{"a":null,"b":"c","$retainKeys":["b"]}}}`, "", 422,
		` "" is invalid: patch: Invalid value: "map[metadata:map[labels:map[$retainKeys:[b] b:c]]]": unrecognized type: string`},
}

// quoted is the patched config map as errors show it.
func quoted(fields string) string { return fmt.Sprintf("%q", fmt.Sprintf(document, fields)) }

func TestPatchRefuses(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			current := object(t, configMaps(), `{"metadata":{"name":"a"},"data":{"x":"1"}}`)
			_, _, err := Patch(current, Request{Type: tt.typ, Kind: configMapKind, Body: []byte(tt.body), Validation: tt.validation})
			reason := metav1.StatusReasonBadRequest
			if tt.code == 422 {
				reason = metav1.StatusReasonInvalid
			}
			wantStatus(t, err, tt.code, reason, tt.message)
		})
	}
}

func TestJSONPatchHasAtMost10000Operations(t *testing.T) {
	current := object(t, configMaps(), `{"data":{"x":"1"}}`)
	operations := func(n int) Request {
		one := []byte(`{"op":"test","path":"/data/x","value":"1"}`)
		return Request{Type: jp, Kind: configMapKind, Body: append(append([]byte("["), bytes.Join(slices.Repeat([][]byte{one}, n), []byte(","))...), ']')}
	}
	if _, _, err := Patch(current, operations(10_000)); err != nil {
		t.Error(err)
	}
	_, _, err := Patch(current, operations(10_001))
	wantStatus(t, err, 413, metav1.StatusReasonRequestEntityTooLarge,
		"Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001")
}

func TestJSONPatchCopiesAreBounded(t *testing.T) {
	body := `[{"op":"add","path":"/spec","value":{"x":"x"}}`
	for i := range 40 { // each doubles the spec
		body += fmt.Sprintf(`,{"op":"copy","from":"/spec","path":"/spec/y%d"}`, i)
	}
	_, _, err := Patch(foo(t, `"metadata":{"name":"a"}`), Request{Type: jp, Kind: fooKind, Body: []byte(body + "]")})
	wantStatus(t, err, 422, metav1.StatusReasonInvalid, "the server rejected our request due to an error in our request")
}

func TestStrategicPatchMergesListsByKey(t *testing.T) {
	const containers = `{"spec":{"template":{"spec":{"containers":[%s]}}}}`
	current := object(t, deployments(), fmt.Sprintf(containers, `{"name":"a","image":"i"},{"name":"b","image":"i"}`))
	for _, tt := range []struct{ name, patch, want string }{
		{"merged", `{"name":"b","image":"j"}`, `[{"name":"a","image":"i","resources":{}},{"name":"b","image":"j","resources":{}}]`},
		{"deleted", `{"name":"a","$patch":"delete"}`, `[{"name":"b","image":"i","resources":{}}]`},
		{"replaced", `{"$patch":"replace"},{"name":"c"}`, `[{"name":"c","resources":{}}]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := Patch(current, Request{Type: sp, Kind: deploymentKind, Body: fmt.Appendf(nil, containers, tt.patch)})
			if err != nil {
				t.Fatal(err)
			}
			if list := text(t, got.(*deployment).Spec.Template.Spec.Containers); list != tt.want {
				t.Errorf("got  %s\nwant %s", list, tt.want)
			}
		})
	}
}

var unmergeable = []struct {
	patch   string
	code    int32
	reason  metav1.StatusReason
	message string
}{
	{`{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}`, 500, "", "map: map[image:x] does not contain declared merge key: name"},
	{`{"spec":{"template":{"$patch":"x"}}}`, 500, "", "unknown patch type: x in map: map[$patch:x]"},
	{`{"spec":{"template":{"spec":{"$setElementOrder/containers":"x"}}}}`, 500, "", "expected a []interface {}, but received a string"},
	{`{"spec":{"strategy":{"$retainKeys":"x"}}}`, 400, metav1.StatusReasonBadRequest, "invalid patch format of retainKeys"},
	{`{"spec":"x"}`, 422, metav1.StatusReasonInvalid, ` "" is invalid: patch: Invalid value: "map[spec:x]": cannot restore struct from: string`},
}

func TestStrategicPatchRefusesWhatCannotBeMerged(t *testing.T) {
	current := object(t, deployments(), `{"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}`)
	for _, tt := range unmergeable {
		_, _, err := Patch(current, Request{Type: sp, Kind: deploymentKind, Body: []byte(tt.patch)})
		wantStatus(t, err, tt.code, tt.reason, tt.message)
	}
}

func TestCustomObjectsKeepWhatTheirSchemaKeeps(t *testing.T) {
	current := foo(t, `"metadata":{"name":"a"},"spec":{"x":1}`)
	prune := func(object map[string]any) []string {
		delete(object, "foo")
		return []string{"foo"}
	}
	body := []byte(`{"foo":1,"spec":{"a":1,"a":2},"metadata":{"bar":1,"labels":{"l":"v"}}}`)
	got, warnings, err := Patch(current, Request{Type: mp, Kind: fooKind, Body: body, Prune: prune})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"ex.io/v1","kind":"Foo","metadata":{"labels":{"l":"v"},"name":"a"},"spec":{"a":2,"x":1}}`
	if got := text(t, got); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if diff := cmp.Diff([]string{`duplicate field "spec.a"`, `unknown field "metadata.bar"`, `unknown field "foo"`}, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestCustomObjectsStayOfTheirKind(t *testing.T) {
	const inner = `"metadata":{"name":"a"}`
	for _, tt := range []struct {
		typ     types.PatchType
		body    string
		code    int32
		reason  metav1.StatusReason
		message string
	}{
		{mp, `{"kind":"Bar"}`, 422, metav1.StatusReasonInvalid, `Bar.ex.io "a" is invalid: kind: Invalid value: "Bar": must be Foo`},
		{mp, `{"apiVersion":"ex.io/v2"}`, 422, metav1.StatusReasonInvalid, `Foo.ex.io "a" is invalid: apiVersion: Invalid value: "ex.io/v2": must be ex.io/v1`},
		{mp, `{"apiVersion":null}`, 500, metav1.StatusReasonInternalError, "Internal error occurred: Object 'apiVersion' is missing in 'object has no apiVersion field'"},
		{jp, `[{"op":"replace","path":"","value":{}}]`, 422, metav1.StatusReasonInvalid, ` "" is invalid: patch: Invalid value: "{}": Object 'Kind' is missing in '{}'`},
		{mp, `{"metadata":"x"}`, 422, metav1.StatusReasonInvalid,
			` "" is invalid: patch: Invalid value: "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Foo\",\"metadata\":\"x\"}": json: cannot unmarshal string into Go value of type v1.ObjectMeta`},
	} {
		_, _, err := Patch(foo(t, inner), Request{Type: tt.typ, Kind: fooKind, Body: []byte(tt.body)})
		wantStatus(t, err, tt.code, tt.reason, tt.message)
	}
}

func TestTypeOf(t *testing.T) {
	for _, header := range []string{"application/merge-patch+json", "application/merge-patch+json; charset=utf-8"} {
		if typ, err := TypeOf(header, true); typ != mp || err != nil {
			t.Errorf("TypeOf(%q) = %q, %v", header, typ, err)
		}
	}
	for _, header := range []string{"application/json", "", "application/Merge-patch+json", "application/strategic-merge-patch+json"} {
		_, err := TypeOf(header, true)
		wantStatus(t, err, 415, metav1.StatusReasonUnsupportedMediaType, "the body of the request was in an unknown format - accepted media types include: "+
			"application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
	}
	_, err := TypeOf("text/plain", false)
	wantStatus(t, err, 415, metav1.StatusReasonUnsupportedMediaType, "the body of the request was in an unknown format - accepted media types include: "+
		"application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, application/strategic-merge-patch+json")
}

func FuzzPatch(f *testing.F) {
	for _, tt := range outcomes {
		f.Add(string(tt.typ), tt.body)
	}
	for _, tt := range refusals {
		f.Add(string(tt.typ), tt.body)
	}
	for _, tt := range unmergeable {
		f.Add(string(sp), tt.patch)
	}
	f.Add(string(sp), `{"metadata":{"$deleteFromPrimitiveList/finalizers":["a/b"],"$setElementOrder/finalizers":["a/b"]},"spec":{"strategy":{"$retainKeys":["type"]},`+
		`"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"$patch":"delete","name":"c"},{"$patch":"replace"}]}}}}`)
	f.Fuzz(func(t *testing.T, typ, body string) {
		switch types.PatchType(typ) {
		case jp, mp, sp:
		default:
			return
		}
		for gvk, current := range map[schema.GroupVersionKind]apiobject.Object{
			configMapKind:  object(t, configMaps(), `{"data":{"x":"1"}}`),
			deploymentKind: object(t, deployments(), `{"metadata":{"finalizers":["a/b"]},"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}`),
			fooKind:        foo(t, `"metadata":{"name":"a"}`),
		} {
			r := Request{Type: types.PatchType(typ), Kind: gvk, Body: []byte(body)}
			if r.Type == sp && gvk == fooKind {
				continue // TypeOf refuses it
			}
			got, _, err := Patch(current, r)
			if err == nil && got == nil {
				t.Error("neither an object nor an error")
			}
			if err != nil && !errors.As(err, new(apierrors.APIStatus)) {
				t.Errorf("the error has no status: %v", err)
			}
		}
	})
}
