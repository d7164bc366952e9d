package registry

import (
	"slices"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// What the server adds to new objects, and keeps of old ones, that is no default: see package defaulting for these.

func newNamespace(_ *Registry, _ User, obj kind.Object) {
	ns, ok := obj.(*corev1.Namespace)
	if !ok {
		return
	}
	if !slices.Contains(ns.Spec.Finalizers, corev1.FinalizerKubernetes) {
		ns.Spec.Finalizers = append(ns.Spec.Finalizers, corev1.FinalizerKubernetes)
	}
	ns.Status = corev1.NamespaceStatus{Phase: corev1.NamespaceActive}
}

// newNode keeps pods from a node until it says that it is ready.
func newNode(_ *Registry, _ User, obj kind.Object) {
	node, ok := obj.(*corev1.Node)
	if !ok {
		return
	}
	notReady := corev1.Taint{Key: corev1.TaintNodeNotReady, Effect: corev1.TaintEffectNoSchedule}
	if !slices.ContainsFunc(node.Spec.Taints, func(t corev1.Taint) bool { return t.MatchTaint(&notReady) }) {
		node.Spec.Taints = append(node.Spec.Taints, notReady)
	}
}

// newCertificateSigningRequest records who asks: an approver relies on it.
func newCertificateSigningRequest(_ *Registry, user User, obj kind.Object) {
	csr, ok := obj.(*certificatesv1.CertificateSigningRequest)
	if !ok {
		return
	}
	csr.Status = certificatesv1.CertificateSigningRequestStatus{}
	csr.Spec.Username, csr.Spec.UID, csr.Spec.Groups = user.Name, user.UID, slices.Clone(user.Groups)
	csr.Spec.Extra = nil
	for name, values := range user.Extra {
		if csr.Spec.Extra == nil {
			csr.Spec.Extra = map[string]certificatesv1.ExtraValue{}
		}
		csr.Spec.Extra[name] = slices.Clone(values)
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// keepNamespaceFinalizers leaves the finalizers of the spec to the finalize subresource.
func keepNamespaceFinalizers(_ *Registry, obj, old kind.Object) {
	if a, b, ok := both[*corev1.Namespace](obj, old); ok {
		a.Spec.Finalizers = b.Spec.Finalizers
	}
}

// keepSecret keeps the type of a secret that an update leaves out.
func keepSecret(_ *Registry, obj, old kind.Object) {
	if a, b, ok := both[*corev1.Secret](obj, old); ok {
		setDefault(&a.Type, b.Type)
	}
}
