package runtime_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/runtime"
)

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

func TestRequests(t *testing.T) {
	const (
		json     = "application/json"
		object   = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}`
		deletion = `{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}`
		scale    = `{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"a"},"spec":{},"status":{"replicas":0}}`
	)
	foreground := metav1.DeletePropagationForeground
	seconds := int64(7)
	for name, test := range map[string]struct {
		call func(c *configMaps) error
		want sent
	}{
		"create": {
			func(c *configMaps) error {
				_, err := c.Create(t.Context(), configMap("a"), metav1.CreateOptions{FieldManager: "me"})
				return err
			},
			sent{Method: "POST", Path: "/api/v1/namespaces/ns/configmaps", Query: "fieldManager=me", ContentType: json, Body: object},
		},
		"update": {
			func(c *configMaps) error {
				_, err := c.Update(t.Context(), configMap("a"), metav1.UpdateOptions{DryRun: []string{"All"}})
				return err
			},
			sent{Method: "PUT", Path: "/api/v1/namespaces/ns/configmaps/a", Query: "dryRun=All", ContentType: json, Body: object},
		},
		"update status": {
			func(c *configMaps) error {
				_, err := c.UpdateStatus(t.Context(), configMap("a"), metav1.UpdateOptions{})
				return err
			},
			sent{Method: "PUT", Path: "/api/v1/namespaces/ns/configmaps/a/status", ContentType: json, Body: object},
		},
		"delete": {
			func(c *configMaps) error {
				return c.Delete(t.Context(), "a", metav1.DeleteOptions{PropagationPolicy: &foreground})
			},
			sent{Method: "DELETE", Path: "/api/v1/namespaces/ns/configmaps/a", ContentType: json, Body: deletion},
		},
		"delete collection": {
			func(c *configMaps) error {
				return c.DeleteCollection(t.Context(), metav1.DeleteOptions{PropagationPolicy: &foreground}, metav1.ListOptions{LabelSelector: "x=y"})
			},
			sent{Method: "DELETE", Path: "/api/v1/namespaces/ns/configmaps", Query: "labelSelector=x%3Dy", ContentType: json, Body: deletion},
		},
		"get": {
			func(c *configMaps) error {
				_, err := c.Get(t.Context(), "a", metav1.GetOptions{ResourceVersion: "5"})
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps/a", Query: "resourceVersion=5"},
		},
		"list": {
			func(c *configMaps) error {
				_, err := c.List(t.Context(), metav1.ListOptions{Limit: 2, TimeoutSeconds: &seconds})
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps", Query: "limit=2&timeout=7s&timeoutSeconds=7"},
		},
		"watch": {
			func(c *configMaps) error {
				w, err := c.Watch(t.Context(), metav1.ListOptions{ResourceVersion: "5"})
				if err == nil {
					w.Stop()
				}
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps", Query: "resourceVersion=5&watch=true"},
		},
		"patch": {
			func(c *configMaps) error {
				_, err := c.Patch(t.Context(), "a", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{})
				return err
			},
			sent{Method: "PATCH", Path: "/api/v1/namespaces/ns/configmaps/a", ContentType: "application/merge-patch+json", Body: "{}"},
		},
		"patch of a subresource": {
			func(c *configMaps) error {
				_, err := c.Patch(t.Context(), "a", types.JSONPatchType, []byte(`[]`), metav1.PatchOptions{}, "status")
				return err
			},
			sent{Method: "PATCH", Path: "/api/v1/namespaces/ns/configmaps/a/status", ContentType: "application/json-patch+json", Body: "[]"},
		},
		"get of a subresource": {
			func(c *configMaps) error {
				_, err := runtime.GetAs(t.Context(), c, &autoscalingv1.Scale{}, "a", "scale", metav1.GetOptions{})
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps/a/scale"},
		},
		"list of a subresource": {
			func(c *configMaps) error {
				_, err := runtime.ListAs(t.Context(), c, &corev1.ConfigMapList{}, "a", "children", metav1.ListOptions{})
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps/a/children"},
		},
		"list as another type": {
			func(c *configMaps) error {
				_, err := runtime.ListAs(t.Context(), c, &corev1.ConfigMapList{}, "", "", metav1.ListOptions{})
				return err
			},
			sent{Method: "GET", Path: "/api/v1/namespaces/ns/configmaps"},
		},
		"create of a subresource": {
			func(c *configMaps) error {
				scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
				_, err := runtime.CreateAs(t.Context(), c, &autoscalingv1.Scale{}, "a", "scale", scale, metav1.CreateOptions{})
				return err
			},
			sent{Method: "POST", Path: "/api/v1/namespaces/ns/configmaps/a/scale", ContentType: json, Body: scale},
		},
		"create as another type": {
			func(c *configMaps) error {
				_, err := runtime.CreateAs(t.Context(), c, &corev1.ConfigMap{}, "", "", configMap("a"), metav1.CreateOptions{})
				return err
			},
			sent{Method: "POST", Path: "/api/v1/namespaces/ns/configmaps", ContentType: json, Body: object},
		},
		"update of a subresource": {
			func(c *configMaps) error {
				scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
				_, err := runtime.UpdateAs(t.Context(), c, &autoscalingv1.Scale{}, "a", "scale", scale, metav1.UpdateOptions{})
				return err
			},
			sent{Method: "PUT", Path: "/api/v1/namespaces/ns/configmaps/a/scale", ContentType: json, Body: scale},
		},
		"patch as another type": {
			func(c *configMaps) error {
				_, err := runtime.PatchAs(t.Context(), c, &autoscalingv1.Scale{}, "a", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{}, "scale")
				return err
			},
			sent{Method: "PATCH", Path: "/api/v1/namespaces/ns/configmaps/a/scale", ContentType: "application/merge-patch+json", Body: "{}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{answer: `{"items":[]}`} // an object, or a list
			if err := test.call(s.configMaps(t, "ns")); err != nil {
				t.Fatal(err)
			}
			test.want.Accept = s.last.Accept
			if diff := cmp.Diff(test.want, s.last); diff != "" {
				t.Errorf("unexpected request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClientWithoutNamespaceAddressesTheCluster(t *testing.T) {
	s := &server{answer: `{"items":[]}`}
	if _, err := s.configMaps(t, "").List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := "/api/v1/configmaps"; s.last.Path != want {
		t.Errorf("got %s, want %s", s.last.Path, want)
	}
}

func TestPrefersProtobuf(t *testing.T) {
	s := &server{answer: `{}`}
	if _, err := s.configMaps(t, "ns", runtime.PrefersProtobuf[*corev1.ConfigMap]()).Create(t.Context(), configMap("a"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := "application/vnd.kubernetes.protobuf"; s.last.ContentType != want || !strings.HasPrefix(s.last.Accept, want) {
		t.Errorf("got content type %q and accept %q, want %q", s.last.ContentType, s.last.Accept, want)
	}
	if !strings.HasPrefix(s.last.Body, "k8s\x00") {
		t.Errorf("body is not protobuf: %q", s.last.Body)
	}
}

func TestRefusalIsAStatusErrorWithAnEmptyObject(t *testing.T) {
	s := &server{
		status: http.StatusConflict,
		answer: `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Conflict","code":409,"message":"changed"}`,
	}
	got, err := s.configMaps(t, "ns").Update(t.Context(), configMap("a"), metav1.UpdateOptions{})
	if !apierrors.IsConflict(err) {
		t.Errorf("got %v, want a conflict", err)
	}
	if diff := cmp.Diff(&corev1.ConfigMap{}, got); diff != "" {
		t.Errorf("object is not empty:\n%s", diff)
	}
}

func TestArgumentsAreNotChanged(t *testing.T) {
	s := &server{answer: `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","uid":"u"},"data":{"k":"v"}}`}
	in := configMap("a")
	out, err := s.configMaps(t, "ns").Create(t.Context(), in, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(configMap("a"), in); diff != "" {
		t.Errorf("argument changed:\n%s", diff)
	}
	if out.UID != "u" || out.Data["k"] != "v" {
		t.Errorf("got %v", out)
	}
}

func TestWatchDeliversTypedObjects(t *testing.T) {
	s := &server{answer: `{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}}` + "\n"}
	w, err := s.configMaps(t, "ns").Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	event := <-w.ResultChan()
	cm, ok := event.Object.(*corev1.ConfigMap)
	if event.Type != watch.Added || !ok || cm.Name != "a" {
		t.Errorf("got %v", event)
	}
	if _, open := <-w.ResultChan(); open {
		t.Error("the watch must end with the body")
	}
}

func TestListMetadataAsksForNothingElse(t *testing.T) {
	s := &server{answer: `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7","continue":"c"},
		"items":[{"metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"5"}}]}`}
	list, err := s.configMaps(t, "ns").ListMetadata(t.Context(), metav1.ListOptions{Limit: 1, LabelSelector: "a=b"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"; s.last.Accept != want {
		t.Errorf("accept = %q, want %q", s.last.Accept, want)
	}
	if s.last.Path != "/api/v1/namespaces/ns/configmaps" || s.last.Query != "labelSelector=a%3Db&limit=1" {
		t.Errorf("request of %s?%s", s.last.Path, s.last.Query)
	}
	if list.ResourceVersion != "7" || list.Continue != "c" || len(list.Items) != 1 || list.Items[0].UID != "u" || list.Items[0].ResourceVersion != "5" {
		t.Errorf("list = %+v", list)
	}

	s.answer = `{"items":[{"metadata":{"name":5}}]}`
	if _, err := s.configMaps(t, "ns").ListMetadata(t.Context(), metav1.ListOptions{}); err == nil || !strings.Contains(err.Error(), "no list of metadata") {
		t.Errorf("error = %v", err)
	}
	s.status, s.answer = http.StatusForbidden, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`
	if _, err := s.configMaps(t, "ns").ListMetadata(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("error = %v", err)
	}
}
