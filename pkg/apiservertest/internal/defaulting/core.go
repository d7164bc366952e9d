package defaulting

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// secret makes stringData, which is there to be written only, data.
func secret(s *corev1.Secret) {
	to(&s.Type, corev1.SecretTypeOpaque)
	for name, value := range s.StringData {
		if s.Data == nil {
			s.Data = map[string][]byte{}
		}
		s.Data[name] = []byte(value)
	}
	s.StringData = nil
}

// namespace gives a namespace the label by which selectors find it. It names the namespace, whatever else a client would have it say.
func namespace(n *corev1.Namespace) {
	to(&n.Status.Phase, corev1.NamespaceActive)
	if n.Name != "" {
		metav1.SetMetaDataLabel(&n.ObjectMeta, corev1.LabelMetadataName, n.Name)
	}
}

func node(n *corev1.Node) {
	if n.Spec.PodCIDR != "" && len(n.Spec.PodCIDRs) == 0 {
		n.Spec.PodCIDRs = []string{n.Spec.PodCIDR}
	}
	if len(n.Spec.PodCIDRs) > 0 {
		to(&n.Spec.PodCIDR, n.Spec.PodCIDRs[0])
	}
	quantities(n.Status.Capacity)
	quantities(n.Status.Allocatable)
	if n.Status.Allocatable == nil {
		n.Status.Allocatable = n.Status.Capacity.DeepCopy()
	}
}
