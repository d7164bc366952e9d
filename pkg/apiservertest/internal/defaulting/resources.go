package defaulting

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// quantities rounds those of resources up to thousandths, the finest that a server keeps.
func quantities(list corev1.ResourceList) {
	for name, quantity := range list {
		if rounded := quantity.DeepCopy(); !rounded.RoundUp(resource.Milli) {
			list[name] = rounded
		}
	}
}

func requirements(r *corev1.ResourceRequirements) {
	quantities(r.Limits)
	quantities(r.Requests)
}

// requestLimits requests of limited resources as much as the limit, if nothing is requested.
func requestLimits(r *corev1.ResourceRequirements) {
	for name, limit := range r.Limits {
		request(&r.Requests, name, limit)
	}
}

// podRequests requests for a pod that has limits as a whole what its containers request. If they request nothing of a resource, its limit is requested.
func podRequests(spec *corev1.PodSpec) {
	if spec.Resources == nil || len(spec.Resources.Limits) == 0 {
		return
	}
	sums := containerRequests(spec)
	for name, sum := range sums {
		if ofPods(name) {
			request(&spec.Resources.Requests, name, sum)
		}
	}
	for name, limit := range spec.Resources.Limits {
		if ofPods(name) {
			request(&spec.Resources.Requests, name, limit)
		}
	}
}

// containerRequests is the most that the containers of a pod request at a time: all that run until the end, or one that initializes with those that were
// started before it and go on.
func containerRequests(spec *corev1.PodSpec) corev1.ResourceList {
	running, most := corev1.ResourceList{}, corev1.ResourceList{}
	for _, c := range spec.InitContainers {
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			add(running, c.Resources.Requests)
			raise(most, running)
			continue
		}
		during := running.DeepCopy()
		add(during, c.Resources.Requests)
		raise(most, during)
	}
	for _, c := range spec.Containers {
		add(running, c.Resources.Requests)
	}
	raise(most, running)
	return most
}

// ofPods reports whether pods as a whole request the resource.
func ofPods(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory || strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

func request(requests *corev1.ResourceList, name corev1.ResourceName, quantity resource.Quantity) {
	if _, ok := (*requests)[name]; ok {
		return
	}
	if *requests == nil {
		*requests = corev1.ResourceList{}
	}
	(*requests)[name] = quantity.DeepCopy()
}

func add(sums, list corev1.ResourceList) {
	for name, quantity := range list {
		sum := sums[name]
		sum.Add(quantity)
		sums[name] = sum
	}
}

func raise(most, list corev1.ResourceList) {
	for name, quantity := range list {
		if before, ok := most[name]; !ok || quantity.Cmp(before) > 0 {
			most[name] = quantity.DeepCopy()
		}
	}
}

// limitRange gives the limits of containers their defaults: that of a limit is its maximum, that of a request the default limit, or the minimum.
func limitRange(l *corev1.LimitRange) {
	for i := range l.Spec.Limits {
		item := &l.Spec.Limits[i]
		for _, list := range []corev1.ResourceList{item.Default, item.DefaultRequest, item.Max, item.Min} {
			quantities(list)
		}
		if item.Type != corev1.LimitTypeContainer {
			continue
		}
		for name, quantity := range item.Max {
			request(&item.Default, name, quantity)
		}
		for name, quantity := range item.Default {
			request(&item.DefaultRequest, name, quantity)
		}
		for name, quantity := range item.Min {
			request(&item.DefaultRequest, name, quantity)
		}
	}
}

func resourceQuota(q *corev1.ResourceQuota) { quantities(q.Spec.Hard) }
