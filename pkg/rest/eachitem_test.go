package rest

import (
	"encoding/json"
	"math/rand"
	"net/http"
	"reflect"
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
				for range 10 {
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
