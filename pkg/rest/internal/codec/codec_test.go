package codec

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

func newCodecs(t testing.TB) serializer.CodecFactory {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme)
}

func decoder(t testing.TB, n runtime.NegotiatedSerializer, contentType string) runtime.Decoder {
	t.Helper()
	d, err := runtime.NewClientNegotiator(n, schema.GroupVersion{Version: "v1"}).Decoder(contentType, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// unregistered is a type that no scheme knows.
type unregistered struct {
	metav1.TypeMeta `json:",inline"`
	Data            map[string]string `json:"data,omitempty"`
}

func (u *unregistered) DeepCopyObject() runtime.Object { c := *u; return &c }

// TestDecodesAsBefore: the second of two documents may go another way for what was learned from the first.
func TestDecodesAsBefore(t *testing.T) {
	const (
		configMap = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"b":"c"}}`
		list      = `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}}]}`
	)
	documents := []string{
		configMap, list,
		`{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"y"}}`,
		`{"metadata":{"name":"z"},"kind":"ConfigMap","apiVersion":"v1"}`,
		`{"kind":"ConfigMap","apiVersion":"v1","data":{"b":5}}`,
		`{"kind":"ConfigMap","apiVersion":"v1","data":{"b":"c"}`,
		`{"kind":"ConfigMap","apiVersion":"v1","kind":"Secret"}`,
		`{"kind":"ConfigMap","data":{"b":"c"}}`,
		`{"apiVersion":"v1","data":{"b":"c"}}`,
		`{"data":{"b":"c"}}`,
		`{"kind":"Secret","apiVersion":"v1","data":{"b":"Yw=="}}`,
		`{"kind":"Status","apiVersion":"v1","status":"Failure","code":404,"reason":"NotFound"}`,
		`{"kind":"Status","apiVersion":"meta.k8s.io/v1","status":"Success"}`,
		`{"kind":"Deployment","apiVersion":"apps/v1","spec":{"replicas":3}}`,
		`{"kind":"Unheard","apiVersion":"of/v1"}`,
		`{"kind":"ConfigMap","apiVersion":"v2","data":{"b":"c"}}`,
		`not JSON`, ``, `null`, `{}`, `[]`,
	}
	compareDecoders(t, runtime.ContentTypeJSON, documents)
}

// compareDecoders decodes each document, also after each of the first three, into all that may be given to a decoder, and
// compares with apimachinery's own.
func compareDecoders(t *testing.T, contentType string, documents []string) {
	targets := []func() runtime.Object{
		func() runtime.Object { return nil },
		func() runtime.Object { return &corev1.ConfigMap{} },
		func() runtime.Object { return &corev1.ConfigMap{Data: map[string]string{"there": "before"}} },
		func() runtime.Object { return &corev1.ConfigMapList{} },
		func() runtime.Object { return &metav1.Status{} },
		func() runtime.Object { return &appsv1.Deployment{} },
		func() runtime.Object { return &metav1.PartialObjectMetadata{} },
		func() runtime.Object { return &unstructured.Unstructured{} },
		func() runtime.Object { return &runtime.Unknown{} },
		func() runtime.Object { return &unregistered{} },
	}
	defaults := []*schema.GroupVersionKind{nil, {Version: "v1", Kind: "ConfigMap"}, {Group: "apps", Version: "v1", Kind: "Deployment"}}
	codecs := newCodecs(t)
	for name, n := range map[string]runtime.NegotiatedSerializer{"without conversion": codecs.WithoutConversion(), "with conversion": codecs} {
		theirs := decoder(t, n, contentType)
		for _, target := range targets {
			for _, second := range targets {
				for _, first := range documents[:3] {
					ours := decoder(t, Faster(n), contentType)
					_, _, _ = ours.Decode([]byte(first), nil, target())
					for _, document := range documents {
						for _, gvk := range defaults {
							got := decode(ours, document, gvk, second())
							want := decode(theirs, document, gvk, second())
							if !reflect.DeepEqual(got, want) {
								t.Fatalf("%s: %q into %T after %q into %T with default %v: (-apimachinery +ours)\n%s",
									name, document, second(), first, target(), gvk, cmp.Diff(want, got))
							}
						}
					}
				}
			}
		}
	}
}

type decoded struct {
	Object runtime.Object
	Into   runtime.Object
	Given  bool // Object is what was given to decode into
	GVK    *schema.GroupVersionKind
	Err    string
}

func decode(d runtime.Decoder, document string, defaults *schema.GroupVersionKind, into runtime.Object) decoded {
	obj, gvk, err := d.Decode([]byte(document), defaults, into)
	out := decoded{Object: obj, Into: into, Given: obj == into, GVK: gvk}
	if err != nil {
		out.Err = err.Error()
	}
	return out
}

// TestTakesTheFastWay: else the rest of these tests would say nothing.
func TestTakesTheFastWay(t *testing.T) {
	n := Faster(newCodecs(t).WithoutConversion())
	info, _ := runtime.SerializerInfoForMediaType(n.SupportedMediaTypes(), runtime.ContentTypeJSON)
	s := info.Serializer.(*jsonSerializer)
	if info.StreamSerializer.Serializer != runtime.Serializer(s) {
		t.Error("streams have another decoder")
	}
	document := []byte(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}`)
	if s.target(document, nil) != nil {
		t.Error("a type is known before any document was decoded")
	}
	if _, _, err := s.Decode(document, nil, nil); err != nil {
		t.Fatal(err)
	}
	into := s.target(document, nil)
	if _, ok := into.(*corev1.ConfigMap); !ok {
		t.Fatalf("the document would be decoded into %T", into)
	}
	if gvk, ok := s.decode(document, into, nil); !ok || *gvk != corev1.SchemeGroupVersion.WithKind("ConfigMap") {
		t.Errorf("not decoded: %v %v", gvk, ok)
	}
}

func TestLeavesOtherSerializersAlone(t *testing.T) {
	n := runtime.NegotiatedSerializer(unstructuredOnly{})
	if got := Faster(n); got != n {
		t.Errorf("got %T", got)
	}
}

type unstructuredOnly struct{ runtime.NegotiatedSerializer }

func (unstructuredOnly) SupportedMediaTypes() []runtime.SerializerInfo {
	return []runtime.SerializerInfo{{MediaType: runtime.ContentTypeJSON, Serializer: unstructured.UnstructuredJSONScheme.(runtime.Serializer)}}
}

func TestDecodesConcurrently(t *testing.T) {
	d := decoder(t, Faster(newCodecs(t).WithoutConversion()), runtime.ContentTypeJSON)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				name := fmt.Sprintf("o-%d-%d", i, j)
				kind := []string{"ConfigMap", "Secret", "Pod"}[j%3]
				obj, gvk, err := d.Decode(fmt.Appendf(nil, `{"kind":%q,"apiVersion":"v1","metadata":{"name":%q}}`, kind, name), nil, nil)
				if err != nil || gvk.Kind != kind || obj.(metav1.Object).GetName() != name {
					t.Errorf("%s %s was decoded to %v %v, %v", kind, name, gvk, obj, err)
				}
			}
		})
	}
	wg.Wait()
}
