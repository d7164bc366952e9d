package registry

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// newPod does what the admission plugins of kube-apiserver do by default, and gives the pod its first status.
func newPod(r *Registry, _ User, obj kind.Object) {
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return
	}
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: qosClass(pod)}
	if len(pod.Spec.SchedulingGates) > 0 {
		pod.Status.Conditions = []corev1.PodCondition{{
			Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonSchedulingGated,
			Message: "Scheduling is blocked due to non-empty scheduling gates", LastTransitionTime: r.now(),
		}}
	}
	if pod.Spec.PriorityClassName == "" {
		setDefault(&pod.Spec.Priority, new(int32))
	}
	setDefault(&pod.Spec.PreemptionPolicy, new(corev1.PreemptLowerPriority))
	tolerateForAWhile(&pod.Spec)
}

// tolerateForAWhile lets a pod stay for five minutes on a node that is in trouble, unless it says otherwise.
func tolerateForAWhile(spec *corev1.PodSpec) {
	for _, key := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable} {
		tolerated := slices.ContainsFunc(spec.Tolerations, func(t corev1.Toleration) bool {
			return (t.Key == key || t.Key == "") && (t.Effect == corev1.TaintEffectNoExecute || t.Effect == "")
		})
		if !tolerated {
			spec.Tolerations = append(spec.Tolerations, corev1.Toleration{
				Key: key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(300)),
			})
		}
	}
}

// qosClass is that of https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/.
func qosClass(pod *corev1.Pod) corev1.PodQOSClass {
	guaranteed, bestEffort := true, true
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			limit, limited := c.Resources.Limits[name]
			request, requested := c.Resources.Requests[name]
			bestEffort = bestEffort && !limited && !requested
			guaranteed = guaranteed && limited && (!requested || request.Cmp(limit) == 0)
		}
	}
	switch {
	case bestEffort:
		return corev1.PodQOSBestEffort
	case guaranteed:
		return corev1.PodQOSGuaranteed
	default:
		return corev1.PodQOSBurstable
	}
}

// keepPod keeps what the server has added, if an update leaves it out.
func keepPod(_ *Registry, obj, old kind.Object) {
	a, b, ok := both[*corev1.Pod](obj, old)
	if !ok {
		return
	}
	setDefault(&a.Status.QOSClass, b.Status.QOSClass)
	setDefault(&a.Spec.Priority, b.Spec.Priority)
	setDefault(&a.Spec.PreemptionPolicy, b.Spec.PreemptionPolicy)
	tolerateForAWhile(&a.Spec)
}
