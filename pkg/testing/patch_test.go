package testing_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func deployment(replicas int32, containers ...corev1.Container) *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "d"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "d"}},
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: containers}},
		},
	}
}

func TestPatches(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		for _, test := range []struct {
			language types.PatchType
			patch    string
			want     string // names and images of containers
		}{
			{types.StrategicMergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"}]}}}}`, "a:1 b:2"},
			{types.StrategicMergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}}}`, "b:1"},
			{types.MergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"}]}}}}`, "b:2"},
			{types.JSONPatchType, `[{"op":"test","path":"/metadata/name","value":"d"},{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"2"}]`, "a:2 b:1"},
		} {
			c := start(t, deployment(1, corev1.Container{Name: "a", Image: "1"}, corev1.Container{Name: "b", Image: "1"}))
			w := c.watch(t, metav1.ListOptions{}) // of something else
			got := ok[*appsv1.Deployment](t)(c.deployments("ns").Patch(t.Context(), "d", test.language, []byte(test.patch), metav1.PatchOptions{}))
			stored := ok[*appsv1.Deployment](t)(c.deployments("ns").Get(t.Context(), "d", metav1.GetOptions{}))
			if diff := cmp.Diff(stored, got); diff != "" {
				t.Errorf("%s (-stored +answered):\n%s", test.patch, diff)
			}
			var containers []string
			for _, container := range got.Spec.Template.Spec.Containers {
				containers = append(containers, container.Name+":"+container.Image)
			}
			if text := strings.Join(containers, " "); text != test.want {
				t.Errorf("%s makes %s, want %s", test.patch, text, test.want)
			}
			if got := there(w); len(got) > 0 {
				t.Errorf("events %v", got)
			}
		}
	})
}

func TestPatchesAtTheSameTimeAllHaveAnEffect(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t, configMap("a", "1"))
		var writers sync.WaitGroup
		for i := range 50 {
			writers.Go(func() {
				patch := fmt.Appendf(nil, `{"data":{"k%d":"v"}}`, i)
				if _, err := c.configMaps("ns").Patch(t.Context(), "a", types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		if got := len(c.get(t, "a").Data); got != 51 {
			t.Errorf("%d keys", got)
		}
	})
}

func TestStatusOfThePlainTrackerIsTheObject(t *testing.T) {
	c := plain(t, deployment(1))
	sent := deployment(2)
	sent.Status.Replicas = 2
	got := ok[*appsv1.Deployment](t)(c.deployments("ns").UpdateStatus(t.Context(), sent, metav1.UpdateOptions{}))
	if diff := cmp.Diff(sent, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStatusOfTheManagedTrackerIsTheStatus(t *testing.T) {
	c := managed(t, deployment(1))
	sent := deployment(2)
	sent.Status.Replicas, sent.Annotations = 2, map[string]string{"a": "b"}
	check := func(what string, got *appsv1.Deployment, replicas int32) {
		t.Helper()
		if *got.Spec.Replicas != 1 || got.Status.Replicas != replicas || got.Annotations["a"] != "b" || got.Spec.Selector == nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
	check("update", ok[*appsv1.Deployment](t)(c.deployments("ns").UpdateStatus(t.Context(), sent, metav1.UpdateOptions{FieldManager: "m"})), 2)
	patch := []byte(`{"spec":{"replicas":9},"status":{"replicas":3}}`)
	check("patch", ok[*appsv1.Deployment](t)(c.deployments("ns").Patch(t.Context(), "d", types.MergePatchType, patch, metav1.PatchOptions{}, "status")), 3)
	stored := ok[*appsv1.Deployment](t)(c.deployments("ns").Get(t.Context(), "d", metav1.GetOptions{}))
	if entry := stored.ManagedFields[0]; entry.Subresource != "status" || entry.Manager != "m" {
		t.Errorf("managed fields %+v", stored.ManagedFields)
	}
	// An update of the object writes the status, too: tests prepare objects so.
	sent = stored.DeepCopy()
	sent.Status.Replicas = 7
	if got := ok[*appsv1.Deployment](t)(c.deployments("ns").Update(t.Context(), sent, metav1.UpdateOptions{})); got.Status.Replicas != 7 {
		t.Errorf("updated %+v", got)
	}
}

// getScale and its like are methods that a generator makes.
func (c *clientset) getScale(t testing.TB) *autoscalingv1.Scale {
	t.Helper()
	return ok[*autoscalingv1.Scale](t)(fake.GetAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", metav1.GetOptions{}))
}

func TestScale(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		d := deployment(1)
		d.Status.Replicas = 4
		c := start(t, d)
		if got := c.getScale(t); got.Name != "d" || got.Namespace != "ns" || got.Spec.Replicas != 1 || got.Status.Replicas != 4 || got.Status.Selector != "app=d" {
			t.Errorf("scale %+v", got)
		}
		sent := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "d"}, Spec: autoscalingv1.ScaleSpec{Replicas: 2}}
		updated, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", sent, metav1.UpdateOptions{})
		if err != nil || updated.Spec.Replicas != 2 || updated.Status.Replicas != 4 {
			t.Errorf("updated %+v, %v", updated, err)
		}
		patched, err := fake.PatchAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", types.MergePatchType, []byte(`{"spec":{"replicas":3}}`), metav1.PatchOptions{}, "scale")
		if err != nil || patched.Spec.Replicas != 3 {
			t.Errorf("patched %+v, %v", patched, err)
		}
		applied, err := fake.ApplyAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale",
			&map[string]any{"apiVersion": "autoscaling/v1", "kind": "Scale", "spec": map[string]any{"replicas": 5}}, metav1.ApplyOptions{FieldManager: "me"})
		if err != nil || applied.Spec.Replicas != 5 {
			t.Errorf("applied %+v, %v", applied, err)
		}
		stored := ok[*appsv1.Deployment](t)(c.deployments("ns").Get(t.Context(), "d", metav1.GetOptions{}))
		if *stored.Spec.Replicas != 5 || stored.Status.Replicas != 4 || stored.Spec.Selector.MatchLabels["app"] != "d" {
			t.Errorf("stored %+v", stored)
		}
		sent.Spec.Replicas = -1
		if _, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", sent, metav1.UpdateOptions{}); !apierrors.IsBadRequest(err) {
			t.Errorf("error %v", err)
		}
		sent.Name = "none"
		if _, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", sent, metav1.UpdateOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("error %v", err)
		}
	})
}

func TestScaleOfAStaleVersionIsAConflict(t *testing.T) {
	c := managed(t)
	ok[*appsv1.Deployment](t)(c.deployments("ns").Create(t.Context(), deployment(1), metav1.CreateOptions{}))
	scale := c.getScale(t)
	ok[*appsv1.Deployment](t)(c.deployments("ns").Update(t.Context(), deployment(2), metav1.UpdateOptions{}))
	if _, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", scale, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("error %v", err)
	}
}

// A clientset for custom resources has no Go type for a scale, and tests store scales themselves.
func TestScaleWithoutItsKindInTheScheme(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	c := newClientset(clienttesting.NewObjectTracker(scheme, nil))
	if err := c.tracker.Add(deployment(3)); err != nil {
		t.Fatal(err)
	}
	if got := c.getScale(t); got.Spec.Replicas != 3 || got.Status.Selector != "app=d" {
		t.Errorf("scale %+v", got)
	}
	stored := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "d", Namespace: "ns"}, Spec: autoscalingv1.ScaleSpec{Replicas: 8}, Status: autoscalingv1.ScaleStatus{Selector: "x=y"}}
	c = plain(t)
	if err := c.tracker.Create(deployments, stored, "ns"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, c.getScale(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stored.Spec.Replicas = 9
	if got, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", stored, metav1.UpdateOptions{}); err != nil || got.Spec.Replicas != 9 {
		t.Errorf("updated %+v, %v", got, err)
	}
}

func TestSelectorsOfScales(t *testing.T) {
	custom := func(spec, status map[string]any) runtime.Object {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"namespace": "ns", "name": "d"}, "spec": spec, "status": status,
		}}
	}
	for want, object := range map[string]runtime.Object{
		"a=b":        custom(map[string]any{"selector": map[string]any{"a": "b"}}, nil), // as replication controllers have
		"c=d":        custom(nil, map[string]any{"selector": "c=d"}),                    // as custom resources have
		"a in (b,c)": custom(map[string]any{"selector": map[string]any{"matchExpressions": []any{map[string]any{"key": "a", "operator": "In", "values": []any{"b", "c"}}}}}, nil),
		"":           custom(map[string]any{"selector": map[string]any{"matchLabels": int64(5)}}, nil),
		"app=d":      deployment(1),
	} {
		if got := plain(t, object).getScale(t).Status.Selector; got != want {
			t.Errorf("selector %q, want %q", got, want)
		}
	}
	c := plain(t, custom(map[string]any{"replicas": int64(1), "other": "x"}, nil))
	scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "d"}, Spec: autoscalingv1.ScaleSpec{Replicas: 2}}
	if _, err := fake.UpdateAs(t.Context(), c.deployments("ns"), &autoscalingv1.Scale{}, "d", "scale", scale, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	got, err := c.tracker.Get(deployments, "ns", "d")
	if spec := got.(*unstructured.Unstructured).Object["spec"]; err != nil || !cmp.Equal(spec, map[string]any{"replicas": int64(2), "other": "x"}) {
		t.Errorf("%v, %v", spec, err)
	}
}

func TestWhatIsCreatedAtASubresource(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := start(t, configMap("a", "1"))
		sent := &corev1.Binding{Target: corev1.ObjectReference{Name: "n"}}
		got, err := fake.CreateAs(t.Context(), c.configMaps("ns"), &corev1.Binding{}, "a", "binding", sent, metav1.CreateOptions{})
		if err != nil || !cmp.Equal(sent, got) {
			t.Errorf("%v, %v", got, err)
		}
		sent.Name = "a" // as tests of client-go name it
		if _, err := fake.CreateAs(t.Context(), c.configMaps("ns"), &corev1.Binding{}, "", "binding", sent, metav1.CreateOptions{}); err != nil {
			t.Error(err)
		}
		if _, err := fake.CreateAs(t.Context(), c.configMaps("ns"), &corev1.Binding{}, "none", "binding", sent, metav1.CreateOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("error %v", err)
		}
		if diff := cmp.Diff(configMap("a", "1"), c.get(t, "a")); diff != "" {
			t.Errorf("the object (-want +got):\n%s", diff)
		}
	})
}
