package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/meta"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

const (
	jsonType     = "application/json"
	protobufType = "application/vnd.kubernetes.protobuf"
	cborType     = "application/cbor"
	yamlType     = "application/yaml"
)

// lists has some kinds of lists, among them such with maps, times, quantities, pointers and raw JSON.
var lists = map[string]func() runtime.Object{
	"PodList":                func() runtime.Object { return &corev1.PodList{} },
	"ConfigMapList":          func() runtime.Object { return &corev1.ConfigMapList{} },
	"SecretList":             func() runtime.Object { return &corev1.SecretList{} },
	"NodeList":               func() runtime.Object { return &corev1.NodeList{} },
	"EventList":              func() runtime.Object { return &corev1.EventList{} },
	"DeploymentList":         func() runtime.Object { return &appsv1.DeploymentList{} },
	"ControllerRevisionList": func() runtime.Object { return &appsv1.ControllerRevisionList{} },
	"JobList":                func() runtime.Object { return &batchv1.JobList{} },
	"NetworkPolicyList":      func() runtime.Object { return &networkingv1.NetworkPolicyList{} },
	"ClusterRoleList":        func() runtime.Object { return &rbacv1.ClusterRoleList{} },
	"UnstructuredList":       func() runtime.Object { return &unstructured.UnstructuredList{} },
}

var listScheme = func() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme, rbacv1.AddToScheme} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	metav1.AddToGroupVersion(s, schema.GroupVersion{Version: "v1"})
	return s
}()

var listCodecs = CodecFactoryForGeneratedClient(listScheme, serializer.NewCodecFactory(listScheme))

// listClient returns a client whose server answers with body.
func listClient(t testing.TB, contentType string, body []byte) *RESTClient {
	t.Helper()
	return newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, contentType, body), nil }, func(c *Config) {
		c.NegotiatedSerializer = listCodecs.WithoutConversion()
	})
}

// encodedList returns list as a server sends it.
func encodedList(t testing.TB, mediaType string, list runtime.Object) []byte {
	t.Helper()
	info, _ := runtime.SerializerInfoForMediaType(listCodecs.SupportedMediaTypes(), mediaType)
	gvks, _, err := listScheme.ObjectKinds(list)
	if err != nil {
		t.Fatal(err)
	}
	data, err := runtime.Encode(listCodecs.WithoutConversion().EncoderForVersion(info.Serializer, gvks[0].GroupVersion()), list)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// eachOf reads a list item by item.
func eachOf(t testing.TB, c *RESTClient, list runtime.Object) ([]ListItem, error) {
	t.Helper()
	var items []ListItem
	err := c.Get().Resource("things").EachItem(t.Context(), list, func(item ListItem) error {
		if (item.Object == nil) == (item.Undecodable == nil) {
			t.Errorf("item with object %v and error %v", item.Object, item.Undecodable)
		}
		items = append(items, item)
		return nil
	})
	return items, err
}

// wholeOf reads the same list whole.
func wholeOf(t testing.TB, c *RESTClient, list runtime.Object) (objects []runtime.Object, err error) {
	t.Helper()
	if err := c.Get().Resource("things").Do(t.Context()).Into(list); err != nil {
		return nil, err
	}
	if err := meta.EachListItemWithAlloc(list, func(o runtime.Object) error {
		objects = append(objects, o)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return objects, meta.SetList(list, nil)
}

// compareLists reads body in both ways and compares.
func compareLists(t *testing.T, mediaType string, body []byte, newList func() runtime.Object) {
	t.Helper()
	c := listClient(t, mediaType, body)
	wholeList, list := newList(), newList()
	want, err := wholeOf(t, c, wholeList)
	if err != nil {
		t.Fatal(err)
	}
	items, err := eachOf(t, c, list)
	if err != nil {
		t.Fatal(err)
	}
	var got []runtime.Object
	for _, item := range items {
		if item.Undecodable != nil {
			t.Fatal(item.Undecodable)
		}
		got = append(got, item.Object)
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("objects (-whole +each):\n%s", cmp.Diff(want, got))
	}
	if err := meta.SetList(list, nil); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(wholeList, list) {
		t.Errorf("list (-whole +each):\n%s", cmp.Diff(wholeList, list))
	}
}

func TestEachItemDecodesAsIntoDoes(t *testing.T) {
	fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), listCodecs).NumElements(1, 6)
	for kind, newList := range lists {
		if kind == "UnstructuredList" {
			continue
		}
		for _, mediaType := range []string{jsonType, protobufType, cborType, yamlType} {
			t.Run(kind+" "+mediaType, func(t *testing.T) {
				for range 3 {
					filled := newList()
					fill.Fill(filled)
					body := encodedList(t, mediaType, filled)
					compareLists(t, mediaType, body, newList)
					if mediaType != jsonType {
						continue
					}
					compareLists(t, mediaType, body, lists["UnstructuredList"])
					var fields map[string]any // which are encoded in the order of their names: kind comes behind the items
					if err := json.Unmarshal(body, &fields); err != nil {
						t.Fatal(err)
					}
					sorted, err := json.MarshalIndent(fields, "", " ")
					if err != nil {
						t.Fatal(err)
					}
					compareLists(t, mediaType, sorted, newList)
					compareLists(t, mediaType, sorted, lists["UnstructuredList"])
				}
			})
		}
	}
}

// A client whose decoder does more than decode reads the list whole, and lets that decoder do it.
func TestEachItemLeavesOtherDecodersTheirWork(t *testing.T) {
	list := &corev1.PodList{Items: []corev1.Pod{{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, {ObjectMeta: metav1.ObjectMeta{Name: "b"}}}}
	list.ResourceVersion = "9"
	for name, codecs := range map[string]runtime.NegotiatedSerializer{
		"conversion": listCodecs,
		"strictness": serializer.NewCodecFactory(listScheme, serializer.EnableStrict).WithoutConversion(),
		"defaults":   withDefaults{listCodecs.WithoutConversion()},
	} {
		for _, mediaType := range []string{jsonType, protobufType} {
			if name == "strictness" && mediaType != jsonType {
				continue // protobuf has none
			}
			t.Run(name+" "+mediaType, func(t *testing.T) {
				body := encodedList(t, mediaType, list)
				c := newTestClient(t, func(*http.Request) (*http.Response, error) { return respond(200, mediaType, body), nil }, func(c *Config) {
					c.NegotiatedSerializer = codecs
				})
				if c.content.itemFormat(mediaType, &corev1.PodList{}) != nil {
					t.Error("the list would be read item by item")
				}
				got := &corev1.PodList{}
				items, err := eachOf(t, c, got)
				if err != nil || len(items) != 2 || got.ResourceVersion != "9" || len(got.Items) > 0 {
					t.Fatalf("%d items, list %v, error %v", len(items), got, err)
				}
				pod := items[1].Object.(*corev1.Pod)
				if pod.Name != "b" || items[1].Size != 0 || name == "defaults" && pod.Labels["default"] != "yes" {
					t.Errorf("%+v", pod)
				}
			})
		}
	}
}

// withDefaults labels all pods.
type withDefaults struct{ runtime.NegotiatedSerializer }

func (w withDefaults) DecoderToVersion(d runtime.Decoder, gv runtime.GroupVersioner) runtime.Decoder {
	return defaulting{w.NegotiatedSerializer.DecoderToVersion(d, gv)}
}

type defaulting struct{ runtime.Decoder }

func (d defaulting) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	obj, gvk, err := d.Decoder.Decode(data, defaults, into)
	if list, ok := obj.(*corev1.PodList); ok {
		for i := range list.Items {
			list.Items[i].Labels = map[string]string{"default": "yes"}
		}
	}
	return obj, gvk, err
}

// Lists of other shapes are read whole, too.
func TestEachItemTakesListsOfAnyShape(t *testing.T) {
	body := []byte(`{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}]}`)
	list := &metav1.List{}
	items, err := eachOf(t, listClient(t, jsonType, body), list)
	if err != nil || len(items) != 1 || items[0].Undecodable == nil || list.ResourceVersion != "9" {
		t.Errorf("%+v, error %v", items, err)
	}
	if _, err := eachOf(t, listClient(t, jsonType, []byte(`{"kind":"ConfigMap","apiVersion":"v1"}`)), &corev1.ConfigMap{}); err == nil {
		t.Error("a list that is none is no error")
	}
}

func sameItem(a, b ListItem) bool {
	return reflect.DeepEqual(a.Object, b.Object) && a.Size == b.Size && fmt.Sprintf("%+v", a.Undecodable) == fmt.Sprintf("%+v", b.Undecodable)
}

// FuzzEachItem checks that the items of a list do not depend on how it is cut into chunks, that a list which Do takes is the
// same item by item, and that what is allocated is bounded by what has come.
func FuzzEachItem(f *testing.F) {
	bodies := [][]byte{
		jsonList(`{"metadata":{"name":"a"},"data":{"k":"v"}}`, `null`, `{"metadata":{"name":"bad"},"data":5}`),
		protobufList(f, marshalled(f, configMap()), nil, []byte("\x12\x7f")),
		[]byte(`{"apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"kind":"K","metadata":{"name":"b"}}],"kind":"ThingList"}`),
	}
	for i, body := range bodies {
		f.Add(i, body, 5)
		f.Add(i, body, len(body)/2)
		f.Add(i, body[:len(body)-3], 40)
		f.Add(i, bytes.Replace(body, []byte("List"), []byte("Lost"), 1), 9)
	}
	f.Add(0, []byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":410,"items":[{}]}`), 30)
	f.Add(2, []byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":410}`), 30)
	f.Add(1, []byte("k8s\x00\x12\xff\xff\xff\xff\x7f\x12\xff\xff\xff\x07"), 6)
	f.Fuzz(func(t *testing.T, kind int, data []byte, split int) {
		mediaType, newList := jsonType, lists["ConfigMapList"]
		switch uint(kind) % 3 {
		case 1:
			mediaType = protobufType
		case 2:
			newList = lists["UnstructuredList"]
		}
		if split < 0 || split > len(data) {
			split = 0
		}
		one, two := listClient(t, mediaType, data), newTestClient(t, func(*http.Request) (*http.Response, error) {
			resp := respond(200, mediaType, nil)
			resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(data[:split]), bytes.NewReader(data[split:])))
			return resp, nil
		}, nil)
		var got []ListItem
		var err error
		n := uint64(math.MaxUint64)
		for range 3 { // the fuzzer itself allocates at times
			n = min(n, allocated(func() { got, err = eachOf(t, one, newList()) }))
		}
		if n > uint64(1<<20+4<<10*len(got)+100*len(data)) {
			t.Errorf("%d bytes were allocated for %d that arrived with %d items", n, len(data), len(got))
		}
		again, errAgain := eachOf(t, two, newList())
		if !slices.EqualFunc(got, again, sameItem) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Errorf("in one part %+v, %v; in two %+v, %v", got, err, again, errAgain)
		}
		if err != nil || slices.ContainsFunc(got, func(i ListItem) bool { return i.Undecodable != nil }) {
			return
		}
		objects, err := wholeOf(t, one, newList())
		if err != nil || len(objects) != len(got) {
			t.Fatalf("a list of %d is one of %d to Do, error %v", len(got), len(objects), err)
		}
		for i, o := range objects {
			if !reflect.DeepEqual(o, got[i].Object) {
				t.Errorf("object %d (-whole +each):\n%s", i, cmp.Diff(o, got[i].Object))
			}
		}
	})
}
