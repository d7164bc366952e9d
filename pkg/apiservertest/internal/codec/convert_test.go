package codec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func convert(t *testing.T, obj kind.Object, to kind.Target) kind.Object {
	t.Helper()
	out, err := Convert(obj, to.Version, to.Resource)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConvertThereAndBack(t *testing.T) {
	utilization := int32(80)
	resource := func(name corev1.ResourceName) autoscalingv2.MetricSpec {
		return autoscalingv2.MetricSpec{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{
			Name: name, Target: autoscalingv2.MetricTarget{Type: "Utilization", AverageUtilization: &utilization},
		}}
	}
	scaler := &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Name: "h"},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			MaxReplicas: 3, Metrics: []autoscalingv2.MetricSpec{resource("cpu"), resource("memory")},
			Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: &utilization}},
		},
		Status: autoscalingv2.HorizontalPodAutoscalerStatus{DesiredReplicas: 2, Conditions: []autoscalingv2.HorizontalPodAutoscalerCondition{{Type: "AbleToScale", Status: "True"}}},
	}
	event := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "e"}, InvolvedObject: corev1.ObjectReference{Name: "p"}, Message: "m", Count: 3, Series: &corev1.EventSeries{Count: 4}}
	for _, tc := range []struct {
		name         string
		obj          kind.Object
		there, again kind.Target
	}{
		{"autoscaler", scaler, at(t, "autoscaling", "v1", "horizontalpodautoscalers"), at(t, "autoscaling", "v2", "horizontalpodautoscalers")},
		{"event", event, at(t, "events.k8s.io", "v1", "events"), at(t, "", "v1", "events")},
		{"custom", foo("a"), foos("v2"), foos("v1")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := tc.obj.DeepCopyObject()
			there := convert(t, tc.obj, tc.there)
			if cmp.Equal(tc.obj, there) {
				t.Error("nothing was converted")
			}
			if diff := cmp.Diff(tc.obj, convert(t, there, tc.again)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before.(kind.Object), tc.obj); diff != "" {
				t.Errorf("the original was changed: %s", diff)
			}
		})
	}
}

func TestConvertToTheSameVersionIsTheSameObject(t *testing.T) {
	for _, tc := range []struct {
		obj kind.Object
		to  kind.Target
	}{{configMap("a"), at(t, "", "v1", "configmaps")}, {foo("a"), foos("v1")}} {
		if got := convert(t, tc.obj, tc.to); got != tc.obj {
			t.Errorf("%T was copied", tc.obj)
		}
	}
}
