package testing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// wrapped is a tracker of somebody else, on one of ours.
type wrapped struct{ clienttesting.ObjectTracker }

func TestTrackersOfOthers(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		c := newClientset(wrapped{start(t).tracker})
		created := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "a-"}}, metav1.CreateOptions{}))
		name := created.Name
		c.update(t, configMap(name, "2"))
		patched := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Patch(t.Context(), name, types.MergePatchType, []byte(`{"data":{"more":"x"}}`), metav1.PatchOptions{}))
		if diff := cmp.Diff(map[string]string{"value": "2", "more": "x"}, patched.Data); diff != "" {
			t.Errorf("patched (-want +got):\n%s", diff)
		}
		applied := &configuration{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name}, "data": map[string]any{"third": "y"}}
		if got := ok[*corev1.ConfigMap](t)(c.configMaps("ns").Apply(t.Context(), applied, metav1.ApplyOptions{FieldManager: "me"})); len(got.Data) != 3 {
			t.Errorf("applied %v", got.Data)
		}
		w := c.watch(t, metav1.ListOptions{})
		c.delete(t, name)
		if got := len(there(w)); got != 2 {
			t.Errorf("%d events", got)
		}
		if _, err := c.configMaps("ns").Get(t.Context(), name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("error %v", err)
		}
		if err := clienttesting.AddAs(c.tracker, configMaps, configMap("b", "1")); err != nil {
			t.Error(err)
		}
		if _, err := c.configMaps("ns").Patch(t.Context(), "none", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("error %v", err)
		}
		handled, _, err := clienttesting.ObjectReaction(c.tracker)(clienttesting.NewDeleteCollectionAction(configMaps, "ns", metav1.ListOptions{}))
		if handled || err == nil {
			t.Errorf("handled %v, %v", handled, err)
		}
		if err := c.tracker.Add(deployment(3)); err != nil {
			t.Fatal(err)
		}
		if got := c.getScale(t); got.Spec.Replicas != 3 {
			t.Errorf("scale %+v", got)
		}
	})
}

func TestActionsOfOtherTypesAreNotHandled(t *testing.T) {
	c := plain(t)
	action := clienttesting.GenericActionImpl{ActionImpl: clienttesting.ActionImpl{Verb: "knock", Resource: configMaps}}
	if got, err := c.Invokes(action, configMap("default", "")); err != nil || got.(*corev1.ConfigMap).Name != "default" {
		t.Errorf("%v, %v", got, err)
	}
	if handled, _, err := clienttesting.ObjectReaction(c.tracker)(action); handled || err == nil {
		t.Errorf("handled %v, %v", handled, err)
	}
}
