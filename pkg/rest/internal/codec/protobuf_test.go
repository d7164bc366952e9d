package codec

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

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

func protobufDocuments(t testing.TB) []string {
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
		slices.Concat(usual, []byte{3 << 3, 1}),               // one of another type
		slices.Concat(usual, []byte{200, 1<<3 | 2, 1<<3 | 1}), // garbage behind it
		{}, []byte("k8s\x00"), []byte("k8s"), []byte(`{"kind":"ConfigMap"}`),
	}
	texts := make([]string, 0, len(documents)+len(usual))
	for _, document := range documents {
		texts = append(texts, string(document))
	}
	for i := range usual {
		texts = append(texts, string(usual[:i]))
	}
	return texts
}

// TestProtobufDecodesAsBefore is TestDecodesAsBefore for protobuf.
func TestProtobufDecodesAsBefore(t *testing.T) {
	compareDecoders(t, runtime.ContentTypeProtobuf, protobufDocuments(t))
}

// TestProtobufTakesTheFastWay: else the test above would say nothing. The object shares no memory with the document.
func TestProtobufTakesTheFastWay(t *testing.T) {
	n := Faster(newCodecs(t).WithoutConversion())
	info, _ := runtime.SerializerInfoForMediaType(n.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	s := info.Serializer.(*protobufSerializer)
	document := []byte(protobufDocuments(t)[0])
	e, ok := openEnvelope(document)
	if !ok || s.fresh(e.apiVersion, e.kind) != nil {
		t.Fatalf("envelope %v; a type is known before any document was decoded", ok)
	}
	if _, _, err := s.Decode(document, nil, nil); err != nil {
		t.Fatal(err)
	}
	into := s.fresh(e.apiVersion, e.kind)
	gvk, ok := s.decode(e, into, nil)
	if !ok || *gvk != corev1.SchemeGroupVersion.WithKind("ConfigMap") {
		t.Fatalf("not decoded: %v %v", gvk, ok)
	}
	clear(document)
	if cm := into.(*corev1.ConfigMap); cm.Name != "a" || cm.Data["b"] != "c" {
		t.Errorf("the object has changed with the document: %v", cm)
	}
}
