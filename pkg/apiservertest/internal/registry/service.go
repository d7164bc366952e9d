package registry

import (
	"encoding/binary"
	"net/netip"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// newService gives a service an address, each another one. Nothing is there.
func newService(r *Registry, _ User, obj kind.Object) {
	s, ok := obj.(*corev1.Service)
	if !ok || s.Spec.Type == corev1.ServiceTypeExternalName {
		return
	}
	if s.Spec.ClusterIP == "" {
		s.Spec.ClusterIP = r.nextAddress()
	}
	if len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
	policy, families := corev1.IPFamilyPolicySingleStack, []corev1.IPFamily{corev1.IPv4Protocol}
	if s.Spec.ClusterIP == corev1.ClusterIPNone && len(s.Spec.Selector) == 0 { // may be of endpoints of both families
		policy, families = corev1.IPFamilyPolicyRequireDualStack, append(families, corev1.IPv6Protocol)
	}
	setDefault(&s.Spec.IPFamilyPolicy, &policy)
	if len(s.Spec.IPFamilies) == 0 {
		s.Spec.IPFamilies = families
	}
	r.allocatePorts(&s.Spec)
}

// keepService keeps the address of a service that an update leaves out.
func keepService(r *Registry, obj, old kind.Object) {
	a, b, ok := both[*corev1.Service](obj, old)
	if !ok {
		return
	}
	keepPorts(&a.Spec, &b.Spec)
	if a.Spec.Type == corev1.ServiceTypeExternalName {
		return
	}
	setDefault(&a.Spec.ClusterIP, b.Spec.ClusterIP)
	if a.Spec.ClusterIP == b.Spec.ClusterIP && len(a.Spec.ClusterIPs) == 0 {
		a.Spec.ClusterIPs = b.Spec.ClusterIPs
	}
	setDefault(&a.Spec.IPFamilyPolicy, b.Spec.IPFamilyPolicy)
	if len(a.Spec.IPFamilies) == 0 {
		a.Spec.IPFamilies = b.Spec.IPFamilies
	}
	r.allocatePorts(&a.Spec)
}

// firstAddress of services: behind it is room for a million.
var firstAddress = netip.AddrFrom4([4]byte{10, 96, 0, 10})

func (r *Registry) nextAddress() string {
	first := firstAddress.As4()
	var next [4]byte
	binary.BigEndian.PutUint32(next[:], binary.BigEndian.Uint32(first[:])+r.addresses.Add(1)-1)
	return netip.AddrFrom4(next).String()
}
