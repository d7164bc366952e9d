package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A GET of a small object over a transport that does nothing: what the client itself costs.
func BenchmarkGet(b *testing.B) {
	for _, mediaType := range []string{"application/json", "application/vnd.kubernetes.protobuf"} {
		b.Run(mediaType, func(b *testing.B) {
			body := encoded(b, mediaType, configMap())
			c := newTestClient(b, func(*http.Request) (*http.Response, error) { return respond(200, mediaType, body), nil }, func(c *Config) {
				c.BearerToken, c.UserAgent = "token", "agent"
			})
			b.ReportAllocs()
			for b.Loop() {
				var cm corev1.ConfigMap
				err := c.Get().UseProtobufAsDefault().Namespace("ns").Resource("configmaps").Name("cm").Do(context.Background()).Into(&cm)
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// An event of an object of some 9 kB: framing and envelope are what the client adds to the decoding of the object.
func BenchmarkWatchEvent(b *testing.B) {
	cm := configMap()
	for i := range 300 {
		cm.Data[fmt.Sprintf("key-%d", i)] = "a value of some length"
	}
	for _, contentType := range []string{jsonStream, protobufStream} {
		b.Run(contentType, func(b *testing.B) {
			frame := frameOf(b, contentType, "MODIFIED", cm)
			c := newTestClient(b, func(*http.Request) (*http.Response, error) { return respond(200, contentType, nil), nil }, nil)
			resp := respond(200, contentType, nil)
			at := 0
			resp.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) { // the frame, over and over
				n := copy(p, frame[at:])
				at = (at + n) % len(frame)
				return n, nil
			}))
			events, err := newEventReader(&c.content, resp)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := events.next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// realisticPod returns a pod of some 9 kB in JSON: containers, volumes, conditions and managed fields, as the pods of a
// Deployment have them.
func realisticPod(i int) *corev1.Pod {
	name := fmt.Sprintf("frontend-6d4c8f7b9-%05d", i)
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, GenerateName: "frontend-6d4c8f7b9-", Namespace: "shop", UID: types.UID("5f1c8a52-7d4e-4b8f-9d56-" + name), ResourceVersion: fmt.Sprint(100000 + i),
			CreationTimestamp: metav1.Unix(1700000000, 0),
			Labels:            map[string]string{"app.kubernetes.io/name": "frontend", "app.kubernetes.io/part-of": "shop", "pod-template-hash": "6d4c8f7b9"},
			Annotations:       map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": "9090", "checksum/config": strings.Repeat("0a1b2c3d", 8)},
			OwnerReferences:   []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "frontend-6d4c8f7b9", UID: "0e8b6d0c-0f4c-4a8c-b3c2-0d6b6c1f2a3e", Controller: new(true)}},
		},
		Spec:   corev1.PodSpec{NodeName: fmt.Sprintf("node-%d", i%50), ServiceAccountName: "frontend", RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, PodIP: fmt.Sprintf("10.0.%d.%d", i/250, i%250), QOSClass: corev1.PodQOSBurstable, StartTime: &metav1.Time{Time: time.Unix(1700000001, 0)}},
	}
	for _, manager := range []string{"kube-controller-manager", "kubelet"} {
		var fields strings.Builder
		for j := range 18 {
			fmt.Fprintf(&fields, `"k:{\"name\":\"field-%d\"}":{".":{},"f:image":{},"f:resources":{".":{},"f:limits":{}}},`, j)
		}
		pod.ManagedFields = append(pod.ManagedFields, metav1.ManagedFieldsEntry{Manager: manager, Operation: "Update", APIVersion: "v1",
			Time: &metav1.Time{Time: time.Unix(1700000002, 0)}, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(`{"f:spec":{` + fields.String() + `"f:x":{}}}`)})
	}
	for _, container := range []string{"server", "proxy"} {
		c := corev1.Container{Name: container, Image: "registry.example.com/shop/" + container + ":v1.2.3", ImagePullPolicy: corev1.PullIfNotPresent,
			Args:      []string{"--listen=:8080", "--metrics=:9090", "--log-level=info"},
			Ports:     []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}},
			Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("128Mi")}},
			LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromInt32(8080)}},
				PeriodSeconds: 10, TimeoutSeconds: 1, SuccessThreshold: 1, FailureThreshold: 3},
			VolumeMounts: []corev1.VolumeMount{{Name: "config", MountPath: "/etc/config", ReadOnly: true}, {Name: "token", MountPath: "/var/run/secrets/token"}},
		}
		for j := range 18 {
			c.Env = append(c.Env, corev1.EnvVar{Name: fmt.Sprintf("SETTING_NUMBER_%d", j), Value: "a value of some length"})
		}
		pod.Spec.Containers = append(pod.Spec.Containers, c)
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, corev1.ContainerStatus{Name: container, Ready: true, Image: c.Image,
			ImageID: "registry.example.com/shop/" + container + "@sha256:" + strings.Repeat("ab", 32), ContainerID: "containerd://" + strings.Repeat("cd", 32),
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Unix(1700000003, 0)}}})
	}
	for _, condition := range []corev1.PodConditionType{"Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{Type: condition, Status: "True", LastTransitionTime: metav1.Unix(1700000004, 0)})
	}
	return pod
}

// A list of 500 pods of 9 kB, all of which are kept, as an informer does: object by object, and whole. peak-B is the heap in
// use when the last object is there, and what the list is read from and into is not yet garbage.
func BenchmarkList(b *testing.B) {
	list := &corev1.PodList{}
	for i := range 500 {
		list.Items = append(list.Items, *realisticPod(i))
	}
	for name, mediaType := range map[string]string{"json": jsonType, "protobuf": protobufType} {
		body := encodedList(b, mediaType, list)
		c := newTestClient(b, func(*http.Request) (*http.Response, error) { return respond(200, mediaType, body), nil }, nil)
		each := func(atLast func()) []runtime.Object {
			objects := make([]runtime.Object, 0, 500)
			err := c.Get().Resource("pods").EachItem(context.Background(), &corev1.PodList{}, func(item ListItem) error {
				if objects = append(objects, item.Object); len(objects) == cap(objects) {
					atLast()
				}
				return nil
			})
			if err != nil || len(objects) != cap(objects) {
				b.Fatal(len(objects), err)
			}
			return objects
		}
		whole := func(atLast func()) []runtime.Object {
			objects := make([]runtime.Object, 0, 500)
			var pods corev1.PodList
			result := c.Get().Resource("pods").Do(context.Background())
			if err := result.Into(&pods); err != nil {
				b.Fatal(err)
			}
			for _, pod := range pods.Items {
				objects = append(objects, &pod)
			}
			atLast()
			goruntime.KeepAlive(result)
			goruntime.KeepAlive(&pods)
			return objects
		}
		for how, read := range map[string]func(func()) []runtime.Object{"EachItem": each, "Do": whole} {
			b.Run(name+"/"+how, func(b *testing.B) {
				before := heapInUse()
				var peak uint64
				objects := read(func() { peak = heapInUse() })
				goruntime.KeepAlive(objects)
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					read(func() {})
				}
				b.ReportMetric(float64(peak-before), "peak-B")
			})
		}
	}
}

// heapInUse returns the bytes of all objects that are not garbage.
func heapInUse() uint64 {
	var stats goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
