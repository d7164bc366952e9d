package codec

import (
	"encoding/json"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
)

// Where autoscaling/v1 keeps what it has no field for.
const (
	metricsAnnotation    = "autoscaling.alpha.kubernetes.io/metrics"
	currentsAnnotation   = "autoscaling.alpha.kubernetes.io/current-metrics"
	conditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions"
	behaviorAnnotation   = "autoscaling.alpha.kubernetes.io/behavior"
)

// autoscalerToV1 puts the utilization of CPU into the fields that v1 has for it, and what else there is into annotations.
func autoscalerToV1(from *autoscalingv2.HorizontalPodAutoscaler, to *autoscalingv1.HorizontalPodAutoscaler) error {
	in := from.DeepCopy()
	to.ObjectMeta = in.ObjectMeta
	to.Spec = autoscalingv1.HorizontalPodAutoscalerSpec{
		ScaleTargetRef: autoscalingv1.CrossVersionObjectReference(in.Spec.ScaleTargetRef),
		MinReplicas:    in.Spec.MinReplicas,
		MaxReplicas:    in.Spec.MaxReplicas,
	}
	to.Status = autoscalingv1.HorizontalPodAutoscalerStatus{
		ObservedGeneration: in.Status.ObservedGeneration,
		LastScaleTime:      in.Status.LastScaleTime,
		CurrentReplicas:    in.Status.CurrentReplicas,
		DesiredReplicas:    in.Status.DesiredReplicas,
	}
	var metrics []autoscalingv2.MetricSpec
	for _, m := range in.Spec.Metrics {
		if to.Spec.TargetCPUUtilizationPercentage == nil && m.Resource != nil && m.Resource.Name == corev1.ResourceCPU && m.Resource.Target.AverageUtilization != nil {
			to.Spec.TargetCPUUtilizationPercentage = m.Resource.Target.AverageUtilization
			continue
		}
		metrics = append(metrics, m)
	}
	var currents []autoscalingv2.MetricStatus
	for _, m := range in.Status.CurrentMetrics {
		if to.Status.CurrentCPUUtilizationPercentage == nil && m.Resource != nil && m.Resource.Name == corev1.ResourceCPU && m.Resource.Current.AverageUtilization != nil {
			to.Status.CurrentCPUUtilizationPercentage = m.Resource.Current.AverageUtilization
			continue
		}
		currents = append(currents, m)
	}
	for _, kept := range []struct {
		annotation string
		value      any
		empty      bool
	}{
		{metricsAnnotation, metrics, len(metrics) == 0},
		{currentsAnnotation, currents, len(currents) == 0},
		{conditionsAnnotation, in.Status.Conditions, len(in.Status.Conditions) == 0},
		{behaviorAnnotation, in.Spec.Behavior, in.Spec.Behavior == nil},
	} {
		if kept.empty {
			continue
		}
		data, err := json.Marshal(kept.value)
		if err != nil {
			return err
		}
		if to.Annotations == nil {
			to.Annotations = map[string]string{}
		}
		to.Annotations[kept.annotation] = string(data)
	}
	return nil
}

// autoscalerToV2 is the way back. An annotation that cannot be read is dropped.
func autoscalerToV2(from *autoscalingv1.HorizontalPodAutoscaler, to *autoscalingv2.HorizontalPodAutoscaler) error {
	in := from.DeepCopy()
	to.ObjectMeta = in.ObjectMeta
	to.Spec = autoscalingv2.HorizontalPodAutoscalerSpec{
		ScaleTargetRef: autoscalingv2.CrossVersionObjectReference(in.Spec.ScaleTargetRef),
		MinReplicas:    in.Spec.MinReplicas,
		MaxReplicas:    in.Spec.MaxReplicas,
	}
	to.Status = autoscalingv2.HorizontalPodAutoscalerStatus{
		ObservedGeneration: in.Status.ObservedGeneration,
		LastScaleTime:      in.Status.LastScaleTime,
		CurrentReplicas:    in.Status.CurrentReplicas,
		DesiredReplicas:    in.Status.DesiredReplicas,
	}
	for annotation, into := range map[string]any{
		metricsAnnotation:    &to.Spec.Metrics,
		currentsAnnotation:   &to.Status.CurrentMetrics,
		conditionsAnnotation: &to.Status.Conditions,
		behaviorAnnotation:   &to.Spec.Behavior,
	} {
		if text, ok := to.Annotations[annotation]; ok {
			delete(to.Annotations, annotation)
			_ = json.Unmarshal([]byte(text), into) // as documented
		}
	}
	if len(to.Annotations) == 0 {
		to.Annotations = nil
	}
	if target := in.Spec.TargetCPUUtilizationPercentage; target != nil {
		to.Spec.Metrics = append([]autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{
				Name:   corev1.ResourceCPU,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: target},
			},
		}}, to.Spec.Metrics...)
	}
	if current := in.Status.CurrentCPUUtilizationPercentage; current != nil {
		to.Status.CurrentMetrics = append([]autoscalingv2.MetricStatus{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricStatus{
				Name:    corev1.ResourceCPU,
				Current: autoscalingv2.MetricValueStatus{AverageUtilization: current},
			},
		}}, to.Status.CurrentMetrics...)
	}
	return nil
}
