package registry

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// The ports of nodes that are given to services, one after the other: those of the default range behind the 86 that are left to who chooses a port.
const (
	firstNodePort = 30086
	lastNodePort  = 32767
)

func (r *Registry) nextPort() int32 {
	return firstNodePort + int32((r.ports.Add(1)-1)%(lastNodePort-firstNodePort+1))
}

// hasNodePorts reports whether nodes listen for a service.
func hasNodePorts(spec *corev1.ServiceSpec) bool {
	return spec.Type == corev1.ServiceTypeNodePort || spec.Type == corev1.ServiceTypeLoadBalancer
}

// checksHealth reports whether nodes answer a load balancer whether they have endpoints of a service.
func checksHealth(spec *corev1.ServiceSpec) bool {
	return spec.Type == corev1.ServiceTypeLoadBalancer && spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
}

// allocatePorts gives a service the ports of nodes that it needs and does not have.
func (r *Registry) allocatePorts(spec *corev1.ServiceSpec) {
	if checksHealth(spec) && spec.HealthCheckNodePort == 0 {
		spec.HealthCheckNodePort = r.nextPort()
	}
	if !hasNodePorts(spec) || spec.Type == corev1.ServiceTypeLoadBalancer && spec.AllocateLoadBalancerNodePorts != nil && !*spec.AllocateLoadBalancerNodePorts {
		return
	}
	for i := range spec.Ports {
		if spec.Ports[i].NodePort == 0 {
			spec.Ports[i].NodePort = r.nextPort()
		}
	}
}

// keepPorts keeps the ports of nodes that an update leaves out, and takes away those that the service does not need any longer.
func keepPorts(spec, old *corev1.ServiceSpec) {
	switch {
	case checksHealth(spec):
		setDefault(&spec.HealthCheckNodePort, old.HealthCheckNodePort)
	case spec.HealthCheckNodePort == old.HealthCheckNodePort:
		spec.HealthCheckNodePort = 0
	}
	for i := range spec.Ports {
		port := &spec.Ports[i]
		at := slices.IndexFunc(old.Ports, func(o corev1.ServicePort) bool { return o.Port == port.Port && o.Protocol == port.Protocol })
		switch {
		case at < 0:
		case hasNodePorts(spec):
			setDefault(&port.NodePort, old.Ports[at].NodePort)
		case port.NodePort == old.Ports[at].NodePort:
			port.NodePort = 0
		}
	}
}
