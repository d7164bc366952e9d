package defaulting

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// table has the functions by the types of objects.
var table = byType(
	of(endpoints),
	of(limitRange),
	of(namespace),
	of(node),
	of(persistentVolume),
	of(persistentVolumeClaim),
	of(pod),
	of(podTemplate),
	of(replicationController),
	of(resourceQuota),
	of(secret),
	of(service),

	of(daemonSet),
	of(deployment),
	of(replicaSet),
	of(statefulSet),

	of(cronJob),
	of(job),

	of(horizontalPodAutoscaler),

	of(endpointSlice),
	of(ingressClass),
	of(networkPolicy),

	of(clusterRoleBinding),
	of(roleBinding),

	of(csiDriver),
	of(storageClass),

	of(betaMutatingPolicy),
	of(betaMutatingPolicyBinding),
	of(mutatingPolicy),
	of(mutatingPolicyBinding),
	of(mutatingWebhooks),
	of(validatingPolicy),
	of(validatingPolicyBinding),
	of(validatingWebhooks),

	of(podCertificateRequest),

	of(flowSchema),
	of(priorityLevel),

	of(priorityClass),

	of(resourceClaim),
	of(resourceClaimTemplate),
	of(resourcePoolStatusRequest),
)

type entry struct {
	typ reflect.Type
	set func(runtime.Object)
}

func of[T runtime.Object](set func(T)) entry {
	return entry{reflect.TypeFor[T](), func(obj runtime.Object) { set(obj.(T)) }}
}

func byType(entries ...entry) map[reflect.Type]func(runtime.Object) {
	functions := make(map[reflect.Type]func(runtime.Object), len(entries))
	for _, e := range entries {
		functions[e.typ] = e.set
	}
	return functions
}

func priorityClass(c *schedulingv1.PriorityClass) {
	pointTo(&c.PreemptionPolicy, corev1.PreemptLowerPriority)
}
