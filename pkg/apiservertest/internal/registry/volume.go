package registry

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// claimProtection is the finalizer of claims, as long as pods may use them.
const claimProtection = "kubernetes.io/pvc-protection"

// newVolume gives volumes and claims their first status, and the finalizers by which they stay as long as they are in use.
func newVolume(r *Registry, _ User, obj kind.Object) {
	switch v := obj.(type) {
	case *corev1.PersistentVolume:
		v.Status.Phase = corev1.VolumePending
		v.Status.LastPhaseTransitionTime = new(r.now())
		protect(obj, "kubernetes.io/pv-protection")
	case *corev1.PersistentVolumeClaim:
		v.Status.Phase = corev1.ClaimPending
		claimSources(&v.Spec)
		protect(obj, claimProtection)
	}
}

func keepClaim(_ *Registry, obj, _ kind.Object) {
	if claim, ok := obj.(*corev1.PersistentVolumeClaim); ok {
		claimSources(&claim.Spec)
	}
}

// claimSources makes the two fields that name what a claim takes its content from say the same.
func claimSources(spec *corev1.PersistentVolumeClaimSpec) {
	if from := spec.DataSource; from != nil && spec.DataSourceRef == nil {
		spec.DataSourceRef = &corev1.TypedObjectReference{APIGroup: from.APIGroup, Kind: from.Kind, Name: from.Name}
	}
	if from := spec.DataSourceRef; from != nil && spec.DataSource == nil && (from.Namespace == nil || *from.Namespace == "") {
		spec.DataSource = &corev1.TypedLocalObjectReference{APIGroup: from.APIGroup, Kind: from.Kind, Name: from.Name}
	}
}

func newVolumeAttributesClass(_ *Registry, _ User, obj kind.Object) {
	protect(obj, "kubernetes.io/vac-protection")
}

// protect adds a finalizer of which a controller takes care on a real cluster.
func protect(obj kind.Object, finalizer string) {
	if !slices.Contains(obj.GetFinalizers(), finalizer) {
		obj.SetFinalizers(append(obj.GetFinalizers(), finalizer))
	}
}

// unprotect lets go of a claim: there is no controller that would.
func (r *Registry) unprotect(res *kind.Resource, obj kind.Object) {
	if _, ok := obj.(*corev1.PersistentVolumeClaim); ok && slices.Contains(obj.GetFinalizers(), claimProtection) {
		r.amend(res, obj, func(obj kind.Object) {
			obj.SetFinalizers(slices.DeleteFunc(obj.GetFinalizers(), func(f string) bool { return f == claimProtection }))
		})
	}
}
