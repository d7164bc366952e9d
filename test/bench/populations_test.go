package bench

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// population is objects that an informer caches.
type population struct {
	name     string
	kind     string
	resource string
	make     func(count int) []servedObject
}

// servedObject is an object that the object server can send.
type servedObject interface {
	metav1.Object
	Marshal() ([]byte, error)
}

// populations differ in how much their objects have in common. The first is what all other benchmarks use.
var populations = []population{
	{"cluster", "Pod", "pods", func(count int) []servedObject { return served(clusterPods(count)) }},
	{"deployment", "Pod", "pods", func(count int) []servedObject { return served(podsOf(count, count)) }},
	{"strangers", "Pod", "pods", func(count int) []servedObject { return served(podsOf(count, 1)) }},
	{"configmaps", "ConfigMap", "configmaps", func(count int) []servedObject { return served(ownConfigMaps(count)) }},
}

func populationNamed(name string) (population, error) {
	for _, p := range populations {
		if p.name == name {
			return p, nil
		}
	}
	return population{}, fmt.Errorf("there is no population %q", name)
}

func served[T servedObject](objects []T) []servedObject {
	out := make([]servedObject, len(objects))
	for i, object := range objects {
		out[i] = object
	}
	return out
}

// ownConfigMaps are small, and have nothing in common but the names of what they have.
func ownConfigMaps(count int) []*corev1.ConfigMap {
	configMaps := make([]*corev1.ConfigMap, count)
	for i := range configMaps {
		configMaps[i] = &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "tenant-" + digest("tenant", i)[:8], Name: "settings-" + digest("settings", i)[:10], UID: uid("configmap", i),
				ResourceVersion: fmt.Sprint(versionBase + i), CreationTimestamp: metav1.Unix(1_780_000_000+int64(i), 0),
				Labels: map[string]string{appLabel: "app-" + digest("app", i)[:8]},
			},
			Data: map[string]string{"endpoint": "https://" + digest("endpoint", i)[:16] + ".example/api", "key": digest("key", i)},
		}
	}
	return configMaps
}
