package defaulting

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
)

func horizontalPodAutoscaler(h *autoscalingv2.HorizontalPodAutoscaler) {
	pointTo(&h.Spec.MinReplicas, 1)
	if len(h.Spec.Metrics) == 0 {
		h.Spec.Metrics = []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{
				Name:   corev1.ResourceCPU,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(80))},
			},
		}}
	}
	if behavior := h.Spec.Behavior; behavior != nil {
		pointTo(&behavior.ScaleUp, autoscalingv2.HPAScalingRules{})
		pointTo(&behavior.ScaleUp.StabilizationWindowSeconds, 0)
		scalingRules(behavior.ScaleUp, scaling(autoscalingv2.PodsScalingPolicy, 4), scaling(autoscalingv2.PercentScalingPolicy, 100))
		pointTo(&behavior.ScaleDown, autoscalingv2.HPAScalingRules{})
		scalingRules(behavior.ScaleDown, scaling(autoscalingv2.PercentScalingPolicy, 100))
	}
}

func scalingRules(rules *autoscalingv2.HPAScalingRules, policies ...autoscalingv2.HPAScalingPolicy) {
	pointTo(&rules.SelectPolicy, autoscalingv2.MaxChangePolicySelect)
	if rules.Policies == nil {
		rules.Policies = policies
	}
}

func scaling(typ autoscalingv2.HPAScalingPolicyType, value int32) autoscalingv2.HPAScalingPolicy {
	return autoscalingv2.HPAScalingPolicy{Type: typ, Value: value, PeriodSeconds: 15}
}
