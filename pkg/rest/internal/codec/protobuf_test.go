package codec

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func protobufDecoder(t testing.TB, n runtime.NegotiatedSerializer) runtime.Decoder {
	t.Helper()
	d, err := runtime.NewClientNegotiator(n, schema.GroupVersion{Version: "v1"}).Decoder(runtime.ContentTypeProtobuf, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// enveloped is a message in an envelope, as a server sends it.
func enveloped(t testing.TB, apiVersion, kind string, m interface{ Marshal() ([]byte, error) }, change func(*runtime.Unknown)) []byte {
	t.Helper()
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	u := &runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: apiVersion, Kind: kind}, Raw: raw}
	if change != nil {
		change(u)
	}
	data, err := u.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte("k8s\x00"), data...)
}

func protobufDocuments(t testing.TB) [][]byte {
	t.Helper()
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"b": "c"}}
	usual := enveloped(t, "v1", "ConfigMap", configMap, nil)
	documents := [][]byte{
		usual,
		enveloped(t, "v1", "ConfigMapList", &corev1.ConfigMapList{Items: []corev1.ConfigMap{*configMap}}, nil),
		enveloped(t, "v1", "ConfigMap", &corev1.ConfigMap{Data: map[string]string{"x": "y"}}, nil),
		enveloped(t, "v1", "ConfigMap", &corev1.ConfigMap{}, nil),
		enveloped(t, "v1", "Secret", &corev1.Secret{Data: map[string][]byte{"b": {1}}}, nil),
		enveloped(t, "v1", "Status", &metav1.Status{Code: 404}, nil),
		enveloped(t, "meta.k8s.io/v1", "Status", &metav1.Status{Status: metav1.StatusSuccess}, nil),
		enveloped(t, "apps/v1", "Deployment", &appsv1.Deployment{}, nil),
		enveloped(t, "of/v1", "Unheard", configMap, nil),
		enveloped(t, "v2", "ConfigMap", configMap, nil),
		enveloped(t, "", "ConfigMap", configMap, nil),
		enveloped(t, "v1", "", configMap, nil),
		enveloped(t, "", "", configMap, nil),
		enveloped(t, "v1", "ConfigMap", configMap, func(u *runtime.Unknown) { u.ContentType = runtime.ContentTypeJSON }),
		enveloped(t, "v1", "ConfigMap", configMap, func(u *runtime.Unknown) { u.ContentEncoding = "gzip" }),
		enveloped(t, "v1", "ConfigMap", configMap, func(u *runtime.Unknown) { u.Raw = []byte("\xff") }),
		slices.Concat(usual, usual[4:]),                       // every field twice
		slices.Concat(usual, []byte{5<<3 | 2, 1, 'x'}),        // a field that is not known
		slices.Concat(usual, []byte{3<<3 | 0, 1}),             // one of another type
		slices.Concat(usual, []byte{200, 1<<3 | 2, 1<<3 | 1}), // garbage behind it
		{}, []byte("k8s\x00"), []byte("k8s"), []byte(`{"kind":"ConfigMap"}`),
	}
	for i := range usual {
		documents = append(documents, usual[:i])
	}
	return documents
}

// TestProtobufDecodesAsBefore is TestDecodesAsBefore for protobuf.
func TestProtobufDecodesAsBefore(t *testing.T) {
	documents := protobufDocuments(t)
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
		theirs := protobufDecoder(t, n)
		for _, target := range targets {
			for _, second := range targets {
				for _, first := range documents[:3] {
					ours := protobufDecoder(t, Faster(n))
					_, _, _ = ours.Decode(first, nil, target())
					for _, document := range documents {
						for _, gvk := range defaults {
							got := decode(ours, string(document), gvk, second())
							want := decode(theirs, string(document), gvk, second())
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

// TestProtobufTakesTheFastWay: else the test above would say nothing. The object shares no memory with the document.
func TestProtobufTakesTheFastWay(t *testing.T) {
	n := Faster(newCodecs(t).WithoutConversion())
	info, _ := runtime.SerializerInfoForMediaType(n.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	s := info.Serializer.(*protobufSerializer)
	document := protobufDocuments(t)[0]
	e, ok := openEnvelope(document)
	if !ok || s.fresh(e.apiVersion, e.kind) != nil {
		t.Fatalf("envelope %v; a type is known before any document was decoded", ok)
	}
	if _, _, err := s.Decode(document, nil, nil); err != nil {
		t.Fatal(err)
	}
	into := s.fresh(e.apiVersion, e.kind)
	gvk, ok := s.decode(e, into)
	if !ok || *gvk != corev1.SchemeGroupVersion.WithKind("ConfigMap") {
		t.Fatalf("not decoded: %v %v", gvk, ok)
	}
	clear(document)
	if cm := into.(*corev1.ConfigMap); cm.Name != "a" || cm.Data["b"] != "c" {
		t.Errorf("the object has changed with the document: %v", cm)
	}
}
