package defaulting

import (
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// revisions is how many old ones a workload keeps.
const revisions = int32(10)

func deployment(d *appsv1.Deployment) {
	spec := &d.Spec
	pointTo(&spec.Replicas, 1)
	pointTo(&spec.RevisionHistoryLimit, revisions)
	pointTo(&spec.ProgressDeadlineSeconds, 600)
	to(&spec.Strategy.Type, appsv1.RollingUpdateDeploymentStrategyType)
	if spec.Strategy.Type == appsv1.RollingUpdateDeploymentStrategyType {
		pointTo(&spec.Strategy.RollingUpdate, appsv1.RollingUpdateDeployment{})
		pointTo(&spec.Strategy.RollingUpdate.MaxUnavailable, intstr.FromString("25%"))
		pointTo(&spec.Strategy.RollingUpdate.MaxSurge, intstr.FromString("25%"))
	}
	podSpec(&spec.Template.Spec)
}

func replicaSet(r *appsv1.ReplicaSet) {
	pointTo(&r.Spec.Replicas, 1)
	podSpec(&r.Spec.Template.Spec)
}

// daemonSet counts its templates in an annotation, too. That of later ones is the registry's to count.
func daemonSet(d *appsv1.DaemonSet) {
	spec := &d.Spec
	if d.Annotations[appsv1.DeprecatedTemplateGeneration] == "" {
		metav1.SetMetaDataAnnotation(&d.ObjectMeta, appsv1.DeprecatedTemplateGeneration, "1")
	}
	pointTo(&spec.RevisionHistoryLimit, revisions)
	to(&spec.UpdateStrategy.Type, appsv1.RollingUpdateDaemonSetStrategyType)
	if spec.UpdateStrategy.Type == appsv1.RollingUpdateDaemonSetStrategyType {
		pointTo(&spec.UpdateStrategy.RollingUpdate, appsv1.RollingUpdateDaemonSet{})
		pointTo(&spec.UpdateStrategy.RollingUpdate.MaxUnavailable, intstr.FromInt32(1))
		pointTo(&spec.UpdateStrategy.RollingUpdate.MaxSurge, intstr.FromInt32(0))
	}
	podSpec(&spec.Template.Spec)
}

func statefulSet(s *appsv1.StatefulSet) {
	spec := &s.Spec
	pointTo(&spec.Replicas, 1)
	pointTo(&spec.RevisionHistoryLimit, revisions)
	to(&spec.PodManagementPolicy, appsv1.OrderedReadyPodManagement)
	to(&spec.UpdateStrategy.Type, appsv1.RollingUpdateStatefulSetStrategyType)
	if spec.UpdateStrategy.Type == appsv1.RollingUpdateStatefulSetStrategyType {
		pointTo(&spec.UpdateStrategy.RollingUpdate, appsv1.RollingUpdateStatefulSetStrategy{})
		pointTo(&spec.UpdateStrategy.RollingUpdate.Partition, 0)
	}
	pointTo(&spec.PersistentVolumeClaimRetentionPolicy, appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{})
	to(&spec.PersistentVolumeClaimRetentionPolicy.WhenDeleted, appsv1.RetainPersistentVolumeClaimRetentionPolicyType)
	to(&spec.PersistentVolumeClaimRetentionPolicy.WhenScaled, appsv1.RetainPersistentVolumeClaimRetentionPolicyType)
	podSpec(&spec.Template.Spec)
	for i := range spec.VolumeClaimTemplates {
		claim := &spec.VolumeClaimTemplates[i]
		to(&claim.APIVersion, "v1")
		to(&claim.Kind, "PersistentVolumeClaim")
		persistentVolumeClaim(claim)
	}
}

func replicationController(r *corev1.ReplicationController) {
	pointTo(&r.Spec.Replicas, 1)
	if r.Spec.Template == nil {
		return
	}
	if len(r.Spec.Selector) == 0 {
		r.Spec.Selector = maps.Clone(r.Spec.Template.Labels)
	}
	if len(r.Labels) == 0 {
		r.Labels = maps.Clone(r.Spec.Template.Labels)
	}
	podSpec(&r.Spec.Template.Spec)
}
