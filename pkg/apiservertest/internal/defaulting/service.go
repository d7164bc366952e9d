package defaulting

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func service(s *corev1.Service) {
	spec := &s.Spec
	to(&spec.Type, corev1.ServiceTypeClusterIP)
	to(&spec.SessionAffinity, corev1.ServiceAffinityNone)
	if spec.SessionAffinity == corev1.ServiceAffinityClientIP {
		pointTo(&spec.SessionAffinityConfig, corev1.SessionAffinityConfig{})
		pointTo(&spec.SessionAffinityConfig.ClientIP, corev1.ClientIPConfig{})
		pointTo(&spec.SessionAffinityConfig.ClientIP.TimeoutSeconds, corev1.DefaultClientIPServiceAffinitySeconds)
	}
	if spec.Type != corev1.ServiceTypeExternalName {
		pointTo(&spec.InternalTrafficPolicy, corev1.ServiceInternalTrafficPolicyCluster)
	}
	if external(spec) {
		to(&spec.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster)
	}
	if spec.Type == corev1.ServiceTypeLoadBalancer {
		pointTo(&spec.AllocateLoadBalancerNodePorts, true)
		for i := range s.Status.LoadBalancer.Ingress {
			if ingress := &s.Status.LoadBalancer.Ingress[i]; ingress.IP != "" {
				pointTo(&ingress.IPMode, corev1.LoadBalancerIPModeVIP)
			}
		}
	}
	for i := range spec.Ports {
		port := &spec.Ports[i]
		to(&port.Protocol, corev1.ProtocolTCP)
		if port.TargetPort.Type == intstr.String && port.TargetPort.StrVal == "" {
			port.TargetPort = intstr.IntOrString{}
		}
		to(&port.TargetPort, intstr.FromInt32(port.Port))
	}
}

// external reports whether a service is reached from outside of the cluster.
func external(spec *corev1.ServiceSpec) bool {
	switch spec.Type {
	case corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer:
		return true
	case corev1.ServiceTypeClusterIP:
		return len(spec.ExternalIPs) > 0
	default:
		return false
	}
}

//nolint:staticcheck // Endpoints are deprecated, and still served
func endpoints(e *corev1.Endpoints) {
	for _, subset := range e.Subsets {
		for i := range subset.Ports {
			to(&subset.Ports[i].Protocol, corev1.ProtocolTCP)
		}
	}
}

func endpointSlice(s *discoveryv1.EndpointSlice) {
	for i := range s.Ports {
		pointTo(&s.Ports[i].Name, "")
		pointTo(&s.Ports[i].Protocol, corev1.ProtocolTCP)
	}
}
