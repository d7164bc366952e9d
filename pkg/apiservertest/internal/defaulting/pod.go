package defaulting

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

func pod(p *corev1.Pod) {
	spec := &p.Spec
	podSpec(spec)
	pointTo(&spec.EnableServiceLinks, corev1.DefaultEnableServiceLinks)
	for i := range spec.InitContainers {
		requestLimits(&spec.InitContainers[i].Resources)
	}
	for i := range spec.Containers {
		requestLimits(&spec.Containers[i].Resources)
	}
	podRequests(spec)
	if spec.HostNetwork {
		hostPorts(spec.InitContainers)
		hostPorts(spec.Containers)
	}
	if p.Status.PodIP != "" && len(p.Status.PodIPs) == 0 {
		p.Status.PodIPs = []corev1.PodIP{{IP: p.Status.PodIP}}
	}
}

func podTemplate(p *corev1.PodTemplate) { podSpec(&p.Template.Spec) }

// podSpec is what pods and the templates of workloads have in common.
func podSpec(spec *corev1.PodSpec) {
	to(&spec.RestartPolicy, corev1.RestartPolicyAlways)
	to(&spec.DNSPolicy, corev1.DNSClusterFirst)
	to(&spec.SchedulerName, corev1.DefaultSchedulerName)
	pointTo(&spec.TerminationGracePeriodSeconds, int64(corev1.DefaultTerminationGracePeriodSeconds))
	pointTo(&spec.SecurityContext, corev1.PodSecurityContext{})
	// The old name of the field and the new one say the same.
	to(&spec.ServiceAccountName, spec.DeprecatedServiceAccount)
	spec.DeprecatedServiceAccount = spec.ServiceAccountName
	if spec.Resources != nil {
		requirements(spec.Resources)
	}
	quantities(spec.Overhead)
	for i := range spec.InitContainers {
		container(&spec.InitContainers[i])
	}
	for i := range spec.Containers {
		container(&spec.Containers[i])
	}
	for i := range spec.EphemeralContainers {
		c := corev1.Container(spec.EphemeralContainers[i].EphemeralContainerCommon)
		container(&c)
		spec.EphemeralContainers[i].EphemeralContainerCommon = corev1.EphemeralContainerCommon(c)
	}
	for i := range spec.Volumes {
		volume(&spec.Volumes[i].VolumeSource)
	}
}

func container(c *corev1.Container) {
	to(&c.ImagePullPolicy, pullPolicy(c.Image))
	to(&c.TerminationMessagePath, corev1.TerminationMessagePathDefault)
	to(&c.TerminationMessagePolicy, corev1.TerminationMessageReadFile)
	requirements(&c.Resources)
	for i := range c.Ports {
		to(&c.Ports[i].Protocol, corev1.ProtocolTCP)
	}
	for i := range c.Env {
		if from := c.Env[i].ValueFrom; from != nil {
			fieldRef(from.FieldRef)
			if from.FileKeyRef != nil {
				pointTo(&from.FileKeyRef.Optional, false)
			}
		}
	}
	for _, p := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe, c.StartupProbe} {
		probe(p)
	}
	if c.Lifecycle != nil {
		for _, handler := range []*corev1.LifecycleHandler{c.Lifecycle.PostStart, c.Lifecycle.PreStop} {
			if handler != nil {
				httpGet(handler.HTTPGet)
			}
		}
	}
}

// pullPolicy is Always for an image whose tag is latest, or that has neither tag nor digest: what it names may change.
func pullPolicy(image string) corev1.PullPolicy {
	name, _, digested := strings.Cut(image, "@")
	_, tag, tagged := strings.Cut(name[strings.LastIndex(name, "/")+1:], ":")
	if tag == "latest" || !tagged && !digested {
		return corev1.PullAlways
	}
	return corev1.PullIfNotPresent
}

func probe(p *corev1.Probe) {
	if p == nil {
		return
	}
	to(&p.TimeoutSeconds, 1)
	to(&p.PeriodSeconds, 10)
	to(&p.SuccessThreshold, 1)
	to(&p.FailureThreshold, 3)
	httpGet(p.HTTPGet)
	if p.GRPC != nil {
		pointTo(&p.GRPC.Service, "")
	}
}

func httpGet(get *corev1.HTTPGetAction) {
	if get != nil {
		to(&get.Path, "/")
		to(&get.Scheme, corev1.URISchemeHTTP)
	}
}

func fieldRef(ref *corev1.ObjectFieldSelector) {
	if ref != nil {
		to(&ref.APIVersion, "v1")
	}
}

// hostPorts gives containers in the network of their host the ports there that they have.
func hostPorts(containers []corev1.Container) {
	for i := range containers {
		for j := range containers[i].Ports {
			port := &containers[i].Ports[j]
			to(&port.HostPort, port.ContainerPort)
		}
	}
}
