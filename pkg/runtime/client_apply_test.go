package runtime_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/runtime"
)

// configuration is what applyconfiguration-gen makes.
type configuration struct {
	Name *string `json:"name,omitempty"`
}

func (c *configuration) GetName() *string { return c.Name }

// nameless is the apply configuration of a subresource without metadata.
type nameless struct {
	Replicas int `json:"replicas"`
}

type applyingConfigMaps = runtime.ClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration]

func (s *server) applyingConfigMaps(t *testing.T, options ...runtime.Option[*corev1.ConfigMap]) *applyingConfigMaps {
	return runtime.NewClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration](
		"configmaps", s.restClient(t), coreV1.ParameterCodec(), "ns",
		func() *corev1.ConfigMap { return &corev1.ConfigMap{} },
		func() *corev1.ConfigMapList { return &corev1.ConfigMapList{} },
		options...)
}

func TestApplyRequests(t *testing.T) {
	a := &configuration{Name: new("a")}
	opts := metav1.ApplyOptions{FieldManager: "me", Force: true}
	want := func(path, body string) sent {
		return sent{Method: "PATCH", Path: "/api/v1/namespaces/ns/configmaps/" + path, Query: "fieldManager=me&force=true", ContentType: "application/apply-patch+yaml", Body: body}
	}
	for name, test := range map[string]struct {
		call func(c *applyingConfigMaps) error
		want sent
	}{
		"apply": {
			func(c *applyingConfigMaps) error { _, err := c.Apply(t.Context(), a, opts); return err },
			want("a", `{"name":"a"}`),
		},
		"apply status": {
			func(c *applyingConfigMaps) error { _, err := c.ApplyStatus(t.Context(), a, opts); return err },
			want("a/status", `{"name":"a"}`),
		},
		"apply of a subresource": {
			func(c *applyingConfigMaps) error {
				_, err := runtime.ApplyAs(t.Context(), c, &autoscalingv1.Scale{}, "b", "scale", &nameless{Replicas: 3}, opts)
				return err
			},
			want("b/scale", `{"replicas":3}`),
		},
		"apply as another type": {
			func(c *applyingConfigMaps) error {
				_, err := runtime.ApplyAs(t.Context(), c, &autoscalingv1.Scale{}, "", "", a, opts)
				return err
			},
			want("a", `{"name":"a"}`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{answer: `{}`}
			if err := test.call(s.applyingConfigMaps(t)); err != nil {
				t.Fatal(err)
			}
			test.want.Accept = s.last.Accept
			if diff := cmp.Diff(test.want, s.last); diff != "" {
				t.Errorf("unexpected request (-want +got):\n%s", diff)
			}
		})
	}
}

// A type that prefers protobuf has no apply configurations in it: the answer is protobuf, what is sent is not.
func TestApplyPrefersProtobufForTheAnswerOnly(t *testing.T) {
	s := &server{answer: `{}`}
	c := s.applyingConfigMaps(t, runtime.PrefersProtobuf[*corev1.ConfigMap]())
	if _, err := c.Apply(t.Context(), &configuration{Name: new("a")}, metav1.ApplyOptions{FieldManager: "me"}); err != nil {
		t.Fatal(err)
	}
	if want := "application/apply-patch+yaml"; s.last.ContentType != want || s.last.Accept != "application/vnd.kubernetes.protobuf,application/json" {
		t.Errorf("content type %q, accept %q", s.last.ContentType, s.last.Accept)
	}
	if want := "fieldManager=me&force=false"; s.last.Query != want {
		t.Errorf("query %q, want %q", s.last.Query, want)
	}
}

func TestApplyNeedsAName(t *testing.T) {
	s := &server{answer: `{}`}
	c := s.applyingConfigMaps(t)
	const noConfiguration, noName = "configuration provided to Apply must not be nil", "configuration.Name must be provided to Apply"
	for name, test := range map[string]struct {
		call func() (*corev1.ConfigMap, error)
		want string
	}{
		"no configuration": {func() (*corev1.ConfigMap, error) { return c.Apply(t.Context(), nil, metav1.ApplyOptions{}) }, noConfiguration},
		"no configuration of the status": {
			func() (*corev1.ConfigMap, error) { return c.ApplyStatus(t.Context(), nil, metav1.ApplyOptions{}) }, noConfiguration,
		},
		"no name": {
			func() (*corev1.ConfigMap, error) {
				return c.Apply(t.Context(), &configuration{}, metav1.ApplyOptions{})
			}, noName,
		},
		"an empty name": {
			func() (*corev1.ConfigMap, error) {
				return c.ApplyStatus(t.Context(), &configuration{Name: new("")}, metav1.ApplyOptions{})
			}, noName,
		},
		"a configuration that cannot have one": {
			func() (*corev1.ConfigMap, error) {
				return runtime.ApplyAs(t.Context(), c, &corev1.ConfigMap{}, "", "", &nameless{}, metav1.ApplyOptions{})
			}, noName,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.call()
			if got == nil || err == nil || err.Error() != test.want {
				t.Errorf("%v, error %v", got, err)
			}
			if s.last.Method != "" {
				t.Errorf("sent %+v", s.last)
			}
		})
	}
}

func TestClientWithApplyHasNoLists(t *testing.T) {
	s := &server{answer: `{"metadata":{"name":"a"}}`}
	c := runtime.NewClientWithApply[*corev1.ConfigMap, *configuration]("configmaps", s.restClient(t), coreV1.ParameterCodec(), "ns",
		func() *corev1.ConfigMap { return &corev1.ConfigMap{} })
	got, err := c.Apply(t.Context(), &configuration{Name: new("a")}, metav1.ApplyOptions{FieldManager: "me"})
	if err != nil || got.Name != "a" || s.last.Path != "/api/v1/namespaces/ns/configmaps/a" {
		t.Errorf("%v, error %v, sent to %s", got, err, s.last.Path)
	}
	if _, ok := any(c).(itemLister); ok {
		t.Error("the client has lists")
	}
}
