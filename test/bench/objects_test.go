package bench

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

const (
	namespace  = "shop"
	objectName = "small"
	listed     = 500 // objects in a list
)

// configMap is as small as an object gets: what the client itself costs shows best with it.
func configMap(name string) corev1.ConfigMap {
	return corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: "8f3c2b1a-5d4e-4f6a-9b8c-7d6e5f4a3b2c", ResourceVersion: "123456"},
		Data:       map[string]string{"log-level": "info"},
	}
}

// pod is a small one, but with all parts that a real one has.
func pod(name string) corev1.Pod {
	p := corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Namespace:         namespace,
		Name:              name,
		UID:               "8f3c2b1a-5d4e-4f6a-9b8c-7d6e5f4a3b2c",
		ResourceVersion:   "123456",
		CreationTimestamp: metav1.Unix(1_780_000_000, 0),
		Labels:            map[string]string{"app.kubernetes.io/name": "cart", "app.kubernetes.io/part-of": "shop"},
		OwnerReferences:   []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "cart-5d4e", UID: "1a2b", Controller: ptr.To(true)}},
		ManagedFields: []metav1.ManagedFieldsEntry{{
			Manager: "kubelet", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Subresource: "status",
			Time: ptr.To(metav1.Unix(1_780_000_002, 0)), FieldsType: "FieldsV1",
			FieldsV1: metav1.NewFieldsV1(`{"f:status":{"f:conditions":{".":{},"k:{\"type\":\"Ready\"}":{".":{},"f:status":{}}},"f:phase":{},"f:podIP":{}}}`),
		}},
	}}
	p.Spec = corev1.PodSpec{
		RestartPolicy:      corev1.RestartPolicyAlways,
		ServiceAccountName: "cart",
		NodeName:           "node-1",
		Containers: []corev1.Container{{
			Name: "cart", Image: "registry.example/shop/cart:1.2.3", ImagePullPolicy: corev1.PullIfNotPresent,
			Args:  []string{"--listen=:8080"},
			Env:   []corev1.EnvVar{{Name: "LOG_LEVEL", Value: "info"}},
			Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}},
			Resources: corev1.ResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi")},
			},
		}},
	}
	p.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, HostIP: "10.0.0.1", PodIP: "10.1.0.17", StartTime: ptr.To(metav1.Unix(1_780_000_001, 0)),
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Unix(1_780_000_002, 0)}},
	}
	return p
}

func configMapList() *corev1.ConfigMapList {
	list := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "123456"}}
	for i := range listed {
		list.Items = append(list.Items, configMap(fmt.Sprintf("%s-%d", objectName, i)))
	}
	return list
}

func podList() *corev1.PodList {
	list := &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "123456"}}
	for i := range listed {
		list.Items = append(list.Items, pod(fmt.Sprintf("%s-%d", objectName, i)))
	}
	return list
}
