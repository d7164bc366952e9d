package registry

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// What may not change, of the kinds where clients rely on being told: they delete and create again then.

func immutableConfigMap(obj, old kind.Object) (errs field.ErrorList) {
	a, b, ok := both[*corev1.ConfigMap](obj, old)
	if !ok || b.Immutable == nil || !*b.Immutable {
		return nil
	}
	return frozen(a.Immutable, b.Immutable, a.Data, b.Data, map[string]bool{"binaryData": !equality.Semantic.DeepEqual(a.BinaryData, b.BinaryData)})
}

func immutableSecret(obj, old kind.Object) (errs field.ErrorList) {
	a, b, ok := both[*corev1.Secret](obj, old)
	if !ok {
		return nil
	}
	errs = validation.ValidateImmutableField(a.Type, b.Type, field.NewPath("type"))
	if b.Immutable != nil && *b.Immutable {
		errs = append(errs, frozen(a.Immutable, b.Immutable, a.Data, b.Data, nil)...)
	}
	return errs
}

const whenImmutable = "field is immutable when `immutable` is set"

// frozen is for objects that were declared immutable, which cannot be taken back.
func frozen(immutable, wasImmutable *bool, data, oldData any, more map[string]bool) (errs field.ErrorList) {
	if !equality.Semantic.DeepEqual(immutable, wasImmutable) {
		errs = append(errs, field.Forbidden(field.NewPath("immutable"), whenImmutable))
	}
	if !equality.Semantic.DeepEqual(data, oldData) {
		errs = append(errs, field.Forbidden(field.NewPath("data"), whenImmutable))
	}
	for name, changed := range more {
		if changed {
			errs = append(errs, field.Forbidden(field.NewPath(name), whenImmutable))
		}
	}
	return errs
}

func immutableService(obj, old kind.Object) field.ErrorList {
	a, b, ok := both[*corev1.Service](obj, old)
	if !ok || b.Spec.ClusterIP == "" || a.Spec.Type == corev1.ServiceTypeExternalName {
		return nil
	}
	if a.Spec.ClusterIP == b.Spec.ClusterIP {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("spec", "clusterIPs").Index(0), []string{a.Spec.ClusterIP}, "may not change once set")}
}

// immutableSelector is of the workloads of apps.
func immutableSelector(obj, old kind.Object) field.ErrorList {
	var selector, was any
	switch b := old.(type) {
	case *appsv1.Deployment:
		if a, ok := obj.(*appsv1.Deployment); ok {
			selector, was = a.Spec.Selector, b.Spec.Selector
		}
	case *appsv1.ReplicaSet:
		if a, ok := obj.(*appsv1.ReplicaSet); ok {
			selector, was = a.Spec.Selector, b.Spec.Selector
		}
	case *appsv1.DaemonSet:
		if a, ok := obj.(*appsv1.DaemonSet); ok {
			selector, was = a.Spec.Selector, b.Spec.Selector
		}
	}
	return validation.ValidateImmutableField(selector, was, field.NewPath("spec", "selector"))
}

func immutableStatefulSet(obj, old kind.Object) field.ErrorList {
	a, b, ok := both[*appsv1.StatefulSet](obj, old)
	if !ok {
		return nil
	}
	changed := *a.Spec.DeepCopy()
	changed.Replicas = b.Spec.Replicas
	changed.Template = b.Spec.Template
	changed.UpdateStrategy = b.Spec.UpdateStrategy
	changed.RevisionHistoryLimit = b.Spec.RevisionHistoryLimit
	changed.PersistentVolumeClaimRetentionPolicy = b.Spec.PersistentVolumeClaimRetentionPolicy
	changed.MinReadySeconds = b.Spec.MinReadySeconds
	changed.Ordinals = b.Spec.Ordinals
	if equality.Semantic.DeepEqual(changed, b.Spec) {
		return nil
	}
	return field.ErrorList{field.Forbidden(field.NewPath("spec"), "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "+
		"'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")}
}

func immutableJob(obj, old kind.Object) (errs field.ErrorList) {
	a, b, ok := both[*batchv1.Job](obj, old)
	if !ok {
		return nil
	}
	spec := field.NewPath("spec")
	if a.Spec.CompletionMode == nil || *a.Spec.CompletionMode != batchv1.IndexedCompletion {
		errs = append(errs, validation.ValidateImmutableField(a.Spec.Completions, b.Spec.Completions, spec.Child("completions"))...)
	}
	errs = append(errs, validation.ValidateImmutableField(a.Spec.Selector, b.Spec.Selector, spec.Child("selector"))...)
	if b.Spec.Suspend == nil || !*b.Spec.Suspend {
		errs = append(errs, validation.ValidateImmutableField(a.Spec.Template, b.Spec.Template, spec.Child("template"))...)
	}
	return errs
}

// immutablePod leaves what https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement lists.
func immutablePod(obj, old kind.Object) field.ErrorList {
	a, b, ok := both[*corev1.Pod](obj, old)
	if !ok {
		return nil
	}
	spec := a.Spec.DeepCopy()
	restoreImages(spec.Containers, b.Spec.Containers)
	restoreImages(spec.InitContainers, b.Spec.InitContainers)
	spec.ActiveDeadlineSeconds = b.Spec.ActiveDeadlineSeconds
	spec.SchedulingGates = b.Spec.SchedulingGates
	if extends(spec.Tolerations, b.Spec.Tolerations) {
		spec.Tolerations = b.Spec.Tolerations
	}
	if equality.Semantic.DeepEqual(*spec, b.Spec) {
		return nil
	}
	return field.ErrorList{field.Forbidden(field.NewPath("spec"), "pod updates may not change fields other than `spec.containers[*].image`,"+
		"`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"+
		"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")}
}

func restoreImages(containers, old []corev1.Container) {
	for i := range min(len(containers), len(old)) {
		containers[i].Image = old[i].Image
	}
}

func extends(tolerations, old []corev1.Toleration) bool {
	return !slices.ContainsFunc(old, func(want corev1.Toleration) bool {
		return !slices.ContainsFunc(tolerations, func(t corev1.Toleration) bool { return equality.Semantic.DeepEqual(t, want) })
	})
}

// both returns the objects if they have the type T.
func both[T kind.Object](obj, old kind.Object) (a, b T, ok bool) {
	a, ok = obj.(T)
	if !ok {
		return a, b, false
	}
	b, ok = old.(T)
	return a, b, ok
}
