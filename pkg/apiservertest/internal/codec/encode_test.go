package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

const configMapJSON = `"metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"7","creationTimestamp":"2026-11-20T22:42:17Z"},"data":{"a":"\u003cb\u003e"}`

func TestObject(t *testing.T) {
	configMaps := at(t, "", "v1", "configmaps")
	for _, tc := range []struct {
		name   string
		rep    Representation
		target kind.Target
		obj    runtime.Object
		want   string
	}{
		{"JSON", Representation{Media: JSON}, configMaps, configMap("a"), `{"kind":"ConfigMap","apiVersion":"v1",` + configMapJSON + "}\n"},
		{"pretty", Representation{Media: JSON, Pretty: true}, configMaps, &corev1.ConfigMap{}, "{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {}\n}"},
		{"YAML", Representation{Media: YAML}, configMaps, &corev1.ConfigMap{Data: map[string]string{"b": "c"}}, "apiVersion: v1\ndata:\n  b: c\nkind: ConfigMap\nmetadata: {}\n"},
		{"metadata", Representation{Media: JSON, As: AsPartialMetadata, Version: "v1"}, configMaps, configMap("a"), `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",` + strings.TrimSuffix(configMapJSON, `,"data":{"a":"\u003cb\u003e"}`) + "}\n"},
		{"custom in other version", Representation{Media: JSON}, foos("v2"), foo("a"), `{"apiVersion":"ex.io/v2","kind":"Foo","metadata":{"creationTimestamp":"2026-11-20T22:42:17Z","name":"a","resourceVersion":"8"},"spec":{"n":1}}` + "\n"},
		{"status", Representation{Media: JSON}, kind.Target{}, &metav1.Status{Status: "Failure"}, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure"}` + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := newCodec().Object(tc.rep, tc.target, tc.obj, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestObjectThatIsNoList(t *testing.T) {
	_, err := newCodec().Object(Representation{Media: JSON, As: AsPartialList, Version: "v1"}, at(t, "", "v1", "namespaces"), &corev1.Namespace{}, "")
	if want := "you requested PartialObjectMetadataList, but the requested object is not a list (*core.Namespace)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	err = newCodec().List(&bytes.Buffer{}, Representation{Media: JSON, As: AsPartialMetadata, Version: "v1"}, at(t, "", "v1", "namespaces"), metav1.ListMeta{}, nil, "")
	if want := "you requested PartialObjectMetadata, but the requested object is a list (*core.NamespaceList)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func list(t *testing.T, rep Representation, target kind.Target, items ...kind.Object) []byte {
	t.Helper()
	remaining := int64(3)
	var out bytes.Buffer
	if err := newCodec().List(&out, rep, target, metav1.ListMeta{ResourceVersion: "9", Continue: "c", RemainingItemCount: &remaining}, items, ""); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestList(t *testing.T) {
	configMaps := at(t, "", "v1", "configmaps")
	for _, tc := range []struct {
		name   string
		target kind.Target
		items  []kind.Object
		rep    Representation
		want   string
	}{
		{"none", configMaps, nil, Representation{Media: JSON}, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"c","remainingItemCount":3},"items":[]}`},
		{"two", configMaps, []kind.Object{configMap("a"), configMap("a")}, Representation{Media: JSON}, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"c","remainingItemCount":3},"items":[{` + configMapJSON + "},{" + configMapJSON + "}]}"},
		{"custom", foos("v1"), []kind.Object{foo("a")}, Representation{Media: JSON}, `{"apiVersion":"ex.io/v1","items":[{"apiVersion":"ex.io/v1","kind":"Foo","metadata":{"creationTimestamp":"2026-11-20T22:42:17Z","name":"a","resourceVersion":"8"},"spec":{"n":1}}],"kind":"FooList","metadata":{"continue":"c","remainingItemCount":3,"resourceVersion":"9"}}`},
		{"metadata", foos("v1"), []kind.Object{foo("a")}, Representation{Media: JSON, As: AsPartialList, Version: "v1"}, `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"9","continue":"c","remainingItemCount":3},"items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a","resourceVersion":"8","creationTimestamp":"2026-11-20T22:42:17Z"}}]}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want+"\n", string(list(t, tc.rep, tc.target, tc.items...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestListInBinary(t *testing.T) {
	scheme := catalog.Scheme()
	remaining := int64(3)
	want := &corev1.ConfigMapList{
		ListMeta: metav1.ListMeta{ResourceVersion: "9", Continue: "c", RemainingItemCount: &remaining},
		Items:    []corev1.ConfigMap{*configMap("a"), *configMap("b")},
	}
	data := list(t, Representation{Media: Protobuf}, at(t, "", "v1", "configmaps"), configMap("a"), configMap("b"))
	got, gvk, err := protobuf.NewSerializer(scheme, scheme).Decode(data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gvk.Kind != "ConfigMapList" {
		t.Error(gvk)
	}
	utc := cmp.Transformer("utc", func(t metav1.Time) string { return t.UTC().String() })
	got.GetObjectKind().SetGroupVersionKind(want.GroupVersionKind())
	if diff := cmp.Diff(runtime.Object(want), got, utc); diff != "" {
		t.Error(diff)
	}

	data = list(t, Representation{Media: CBOR}, at(t, "", "v1", "configmaps"), configMap("a"), configMap("b"))
	got, gvk, err = newCodec().decoder(CBOR, true).Decode(data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gvk.Kind != "ConfigMapList" {
		t.Error(gvk)
	}
	got.GetObjectKind().SetGroupVersionKind(want.GroupVersionKind())
	if diff := cmp.Diff(runtime.Object(want), got, utc); diff != "" {
		t.Error(diff)
	}
}

// listProtobuf relies on it.
func TestEveryListHasMetadataAndItemsInFieldsOneAndTwo(t *testing.T) {
	c := newCodec()
	for _, r := range catalog.Builtin() {
		for i := range r.Versions {
			v := &r.Versions[i]
			if v.NewList == nil || r.Storage == "" {
				continue
			}
			obj := v.New()
			obj.SetName("x")
			var out bytes.Buffer
			target := kind.Target{Resource: r, Version: v}
			if err := c.List(&out, Representation{Media: Protobuf}, target, metav1.ListMeta{ResourceVersion: "9"}, []kind.Object{obj}, ""); err != nil {
				t.Errorf("%s/%s %s: %v", r.Group, v.Name, r.Plural, err)
				continue
			}
			list := v.NewList()
			if _, _, err := protobuf.NewSerializer(c.config.Scheme, c.config.Scheme).Decode(out.Bytes(), nil, list); err != nil {
				t.Errorf("%s/%s %s: %v", r.Group, v.Name, r.Plural, err)
				continue
			}
			var want bytes.Buffer
			if err := c.List(&want, Representation{Media: JSON}, target, metav1.ListMeta{ResourceVersion: "9"}, []kind.Object{obj}, ""); err != nil {
				t.Fatal(err)
			}
			got, err := c.marshal(JSON, stamped(list, r.GroupVersionKind(v).GroupVersion().WithKind(r.ListKind)))
			if err != nil || string(got)+"\n" != want.String() {
				t.Errorf("%s/%s %s: %v, got\n%s\nwant\n%s", r.Group, v.Name, r.Plural, err, got, want.String())
			}
		}
	}
}

func TestFrame(t *testing.T) {
	c, target := newCodec(), at(t, "", "v1", "configmaps")
	events := c.Events(Representation{Media: JSON, Stream: true}, target, "")
	for obj, want := range map[runtime.Object]string{
		configMap("a"): `{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1",` + configMapJSON + "}}\n",
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{ResourceVersion: "9"}}: `{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"9"}}}` + "\n",
		&metav1.Status{Code: 410}: `{"type":"ADDED","object":{"kind":"Status","apiVersion":"v1","metadata":{},"code":410}}` + "\n",
	} {
		frame, err := events.Frame(watch.Added, obj)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(frame)); diff != "" {
			t.Error(diff)
		}
	}

	frame, err := c.Events(Representation{Media: Protobuf, Stream: true}, target, "").Frame(watch.Deleted, configMap("a"))
	if err != nil {
		t.Fatal(err)
	}
	if n := binary.BigEndian.Uint32(frame); int(n) != len(frame)-4 {
		t.Fatalf("length is %d, frame has %d bytes", n, len(frame))
	}
	var event metav1.WatchEvent
	if err := event.Unmarshal(frame[4:]); err != nil {
		t.Fatal(err)
	}
	if event.Type != "DELETED" {
		t.Error(event.Type)
	}
	got, _, err := c.Decode(string(Protobuf), event.Object.Raw, target, "")
	if err != nil || got.GetName() != "a" {
		t.Errorf("got %v, %v", got, err)
	}

	frame, err = c.Events(Representation{Media: CBOR, Stream: true}, foos("v1"), "").Frame(watch.Modified, foo("a"))
	if err != nil {
		t.Fatal(err)
	}
	decoded, _, err := c.decoder(CBOR, true).Decode(frame, ptr(corev1.SchemeGroupVersion.WithKind("WatchEvent")), &metav1.WatchEvent{})
	if err != nil {
		t.Fatal(err)
	}
	if got := decoded.(*metav1.WatchEvent); got.Type != "MODIFIED" || len(got.Object.Raw) == 0 {
		t.Errorf("got %+v", got)
	}
}

func ptr[T any](v T) *T { return &v }

func TestAnEventIsEncodedOnce(t *testing.T) {
	c, target, obj := newCodec(), at(t, "", "v1", "configmaps"), configMap("a")
	first, err := c.bare(JSON, target, obj)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.bare(JSON, target, obj)
	if err != nil || &first[0] != &again[0] {
		t.Errorf("%v, encoded twice", err)
	}
	other, err := c.bare(JSON, target, obj.DeepCopy())
	if err != nil || &first[0] == &other[0] {
		t.Errorf("%v, taken for another object", err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache(10_000)
	var encoded atomic.Int64
	for range 3 {
		for i := range 50 {
			obj := configMap(fmt.Sprint(i))
			if _, err := c.get(cacheKey{object: obj}, func() ([]byte, error) { encoded.Add(1); return make([]byte, 1000), nil }); err != nil {
				t.Fatal(err)
			}
			if n := len(c.young) + len(c.old); n > 20 {
				t.Fatalf("%d entries are kept", n)
			}
		}
	}
	if encoded.Load() != 150 {
		t.Errorf("encoded %d objects", encoded.Load())
	}
}
