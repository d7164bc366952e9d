package defaulting

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

func ingressClass(c *networkingv1.IngressClass) {
	if c.Spec.Parameters != nil {
		pointTo(&c.Spec.Parameters.Scope, networkingv1.IngressClassParametersReferenceScopeCluster)
	}
}

// networkPolicy makes a policy one for incoming traffic, and for outgoing if it has rules for that.
func networkPolicy(p *networkingv1.NetworkPolicy) {
	if len(p.Spec.PolicyTypes) == 0 {
		p.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(p.Spec.Egress) > 0 {
			p.Spec.PolicyTypes = append(p.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
	for _, rule := range p.Spec.Ingress {
		policyPorts(rule.Ports)
	}
	for _, rule := range p.Spec.Egress {
		policyPorts(rule.Ports)
	}
}

func policyPorts(ports []networkingv1.NetworkPolicyPort) {
	for i := range ports {
		pointTo(&ports[i].Protocol, corev1.ProtocolTCP)
	}
}
