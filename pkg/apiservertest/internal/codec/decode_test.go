package codec

import (
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// The texts are those of kube-apiserver v1.36.3.
func TestDecodeErrors(t *testing.T) {
	configMaps := at(t, "", "v1", "configmaps")
	autoscalers := at(t, "autoscaling", "v2", "horizontalpodautoscalers")
	eviction := at(t, "", "v1", "pods")
	eviction.Subresource = &kind.Subresource{Name: "eviction", Kind: schema.GroupVersionKind{Group: "policy", Version: "v1", Kind: "Eviction"}}
	for _, tc := range []struct {
		name, contentType, body, validation string
		target                              kind.Target
		want                                string
	}{
		{"empty", "", "", "", configMaps, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"},
		{"half", "", "{", "", configMaps, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({)"},
		{"long text", "", "this is a very long text which is not json at all but is longer than that", "", configMaps, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'h' in literal true (expecting 'r') (7468697320697320612076657279206c6f6e672074657874207768696368 ...)"},
		{"group version", "", `{"kind":"ConfigMap","apiVersion":"a/b/c","metadata":{"name":"b"}}`, "", configMaps, `the object provided is unrecognized (must be of type ConfigMap): unexpected GroupVersion string: a/b/c ({"kind":"ConfigMap","apiVersio ...)`},
		{"other kind", "", `{"kind":"Pod","apiVersion":"v1"}`, "", configMaps, `Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion`},
		{"unknown version", "", `{"kind":"ConfigMap","apiVersion":"v2"}`, "", configMaps, `ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"`},
		{"other version", "", `{"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v1"}`, "", autoscalers, "the API version in the data (autoscaling/v1) does not match the expected API version (autoscaling/v2)"},
		{"type of field", "", `{"data":{"a":1}}`, "", configMaps, `ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string`},
		{"strict", "", `{"metadata":{"foo":1},"data":{"a":"1","a":"2"},"bar":{}}`, "Strict", configMaps, `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.foo", duplicate field "data.a", unknown field "bar"`},
		{"strict YAML", "application/yaml", "metadata:\n  name: x\n  foo: 1\n  foo: 1\n", "Strict", configMaps, "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 4: key \"foo\" already set in map, unknown field \"metadata.foo\""},
		{"no YAML", "application/yaml", "a: b: c\n", "", configMaps, "the object provided is unrecognized (must be of type ConfigMap): yaml: mapping values are not allowed in this context (613a20623a20630a)"},
		{"no protobuf", "application/vnd.kubernetes.protobuf", "xxxx\n", "", configMaps, "the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (787878780a)"},
		{"media type", "text/plain", "x", "", configMaps, "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"},
		{"subresource", "", `{"kind":"Foo","apiVersion":"policy/v1"}`, "", eviction, `Foo in version "v1" cannot be handled as a Eviction: no kind "Foo" is registered for version "policy/v1" in scheme "pkg/runtime/scheme.go:111"`},
		{"custom without kind", "", `{"metadata":{"name":"x"}}`, "", foos("v1"), `the object provided is unrecognized (must be of type Foo): Object 'Kind' is missing in '{"metadata":{"name":"x"}}' ({"metadata":{"name":"x"}})`},
		{"custom of other kind", "", `{"kind":"Bar","apiVersion":"ex.io/v1","metadata":{"name":"x"}}`, "", foos("v1"), `Bar.ex.io "x" is invalid: kind: Invalid value: "Bar": must be Foo`},
		{"custom of other version", "", `{"kind":"Foo","apiVersion":"ex.io/v2"}`, "", foos("v1"), "the API version in the data (ex.io/v2) does not match the expected API version (ex.io/v1)"},
		{"custom without version", "", `{"kind":"Foo"}`, "", foos("v1"), "the API version in the data () does not match the expected API version (ex.io/v1)"},
		{"custom with wrong metadata", "", `{"kind":"Foo","apiVersion":"ex.io/v1","metadata":{"name":1}}`, "", foos("v1"), `Foo in version "v1" cannot be handled as a Foo: json: cannot unmarshal number into Go struct field ObjectMeta.name of type string`},
		{"custom strict", "", `{"kind":"Foo","apiVersion":"ex.io/v1","metadata":{"foo":1},"spec":{"a":"b","a":"c"}}`, "Strict", foos("v1"), `Foo in version "v1" cannot be handled as a Foo: strict decoding error: duplicate field "spec.a", unknown field "metadata.foo"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := newCodec().Decode(tc.contentType, []byte(tc.body), tc.target, tc.validation)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got the error\n%v\nwant\n%s", err, tc.want)
			}
			var status apierrors.APIStatus
			if !errors.As(err, &status) {
				t.Errorf("%T is no status", err)
			}
		})
	}
}

func TestDecodeWarns(t *testing.T) {
	body := []byte(`{"metadata":{"name":"f","foo":1},"data":{"a":"1","a":"2"},"bar":{}}`)
	want := []string{`unknown field "metadata.foo"`, `duplicate field "data.a"`, `unknown field "bar"`}
	for validation, want := range map[string][]string{"": want, "Warn": want, "Ignore": nil, "Foo": nil} {
		obj, warnings, err := newCodec().Decode("application/json", body, at(t, "", "v1", "configmaps"), validation)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, warnings); diff != "" {
			t.Errorf("%q: %s", validation, diff)
		}
		if diff := cmp.Diff(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "f"}, Data: map[string]string{"a": "2"}}, obj); diff != "" {
			t.Errorf("%q: %s", validation, diff)
		}
	}
	_, warnings, err := newCodec().Decode("application/yaml", []byte("metadata:\n  name: yy\n  foo: 1\n  foo: 1\ndata:\n  a: b\n  a: c\n"), at(t, "", "v1", "configmaps"), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`line 4: key "foo" already set in map`, `line 7: key "a" already set in map`, `unknown field "metadata.foo"`}, warnings); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeCustomDropsUnknownMetadata(t *testing.T) {
	obj, warnings, err := newCodec().Decode("", []byte(`{"kind":"Foo","apiVersion":"ex.io/v1","metadata":{"name":"x","foo":1},"spec":{"n":1}}`), foos("v1"), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`unknown field "metadata.foo"`}, warnings); diff != "" {
		t.Error(diff)
	}
	want := &unstructured.Unstructured{Object: map[string]any{
		"kind": "Foo", "apiVersion": "ex.io/v1", "metadata": map[string]any{"name": "x"}, "spec": map[string]any{"n": int64(1)},
	}}
	if diff := cmp.Diff(want, obj); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeReadsWhatIsEncoded(t *testing.T) {
	c := newCodec()
	for _, tc := range []struct {
		target kind.Target
		obj    kind.Object
	}{{at(t, "", "v1", "configmaps"), configMap("a")}, {foos("v1"), foo("a")}} {
		for _, media := range []Media{JSON, YAML, Protobuf, CBOR} {
			if media == Protobuf && tc.target.Resource.Custom {
				continue
			}
			data, err := c.Object(Representation{Media: media}, tc.target, tc.obj, "")
			if err != nil {
				t.Fatal(err)
			}
			got, warnings, err := c.Decode(string(media), data, tc.target, "")
			if err != nil || len(warnings) > 0 {
				t.Fatalf("%s: %v, %v", media, warnings, err)
			}
			if got, ok := got.(*corev1.ConfigMap); ok {
				got.CreationTimestamp = metav1.Time{Time: got.CreationTimestamp.UTC()}
			}
			if diff := cmp.Diff(tc.obj, got); diff != "" {
				t.Errorf("%s: %s", media, diff)
			}
		}
	}
}

func TestDeleteOptions(t *testing.T) {
	foreground := metav1.DeletePropagationForeground
	for _, tc := range []struct{ name, contentType, body, err string }{
		{name: "own version", body: `{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground","foo":1}`},
		{name: "a group's version", body: `{"kind":"DeleteOptions","apiVersion":"policy/v1","propagationPolicy":"Foreground"}`},
		{name: "no kind", body: `{"propagationPolicy":"Foreground"}`},
		{name: "half", body: `{`, err: "couldn't get version/kind; json parse error: unexpected end of JSON input"},
		{name: "type of field", body: `{"gracePeriodSeconds":"x"}`, err: "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64"},
		{name: "other kind", body: `{"kind":"Pod","apiVersion":"v1"}`, err: `no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"`},
		{name: "media type", contentType: "text/plain", body: `{}`, err: "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got metav1.DeleteOptions
			err := newCodec().DeleteOptions(tc.contentType, []byte(tc.body), &got)
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Errorf("got %v, want %s", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&foreground, got.PropagationPolicy); diff != "" {
				t.Error(diff)
			}
		})
	}
	var status runtime.Object = &metav1.Status{}
	if _, err := newCodec().Object(Representation{Media: JSON, As: AsTable}, at(t, "", "v1", "pods"), status, ""); err != nil {
		t.Errorf("a Status is never turned into a table: %v", err)
	}
}

func TestDecodePrunesCustomObjects(t *testing.T) {
	config := newCodec().config
	config.Prune = func(_ kind.Target, object map[string]any) []string {
		delete(object, "d")
		return []string{"d"}
	}
	body := []byte(`{"kind":"Foo","apiVersion":"ex.io/v1","metadata":{"name":"x"},"d":1}`)
	if _, warnings, err := New(config).Decode("", body, foos("v1"), "Ignore"); err != nil || len(warnings) > 0 {
		t.Errorf("%v, %v", warnings, err)
	}
	obj, warnings, err := New(config).Decode("", body, foos("v1"), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`unknown field "d"`}, warnings); diff != "" {
		t.Error(diff)
	}
	if _, there := obj.(*unstructured.Unstructured).Object["d"]; there {
		t.Error("the field is still there")
	}
	_, _, err = New(config).Decode("", body, foos("v1"), "Strict")
	if want := `Foo in version "v1" cannot be handled as a Foo: strict decoding error: unknown field "d"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDefinitionsNeedNotSayTheirKind(t *testing.T) {
	target := foos("v1")
	r := *target.Resource
	r.Group, r.Kind = "apiextensions.k8s.io", "CustomResourceDefinition"
	obj, _, err := newCodec().Decode("", []byte(`{"metadata":{"name":"x"}}`), kind.Target{Resource: &r, Version: r.Version("v1")}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := obj.GetObjectKind().GroupVersionKind(), (schema.GroupVersionKind{Group: r.Group, Version: "v1", Kind: r.Kind}); got != want {
		t.Errorf("got %v", got)
	}
}
