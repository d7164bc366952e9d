package codec

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// labelSelector is that of a workload.
func labelSelector(s *metav1.LabelSelector) string {
	if s == nil {
		return none
	}
	return orNone(metav1.FormatLabelSelector(s))
}

func deploymentCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *appsv1.Deployment) []any {
		containers, images := names(o.Spec.Template.Spec.Containers)
		return []any{o.Name, fmt.Sprintf("%d/%d", o.Status.ReadyReplicas, wanted(o.Spec.Replicas)), int64(o.Status.UpdatedReplicas),
			int64(o.Status.AvailableReplicas), p.age(o), containers, images, labelSelector(o.Spec.Selector)}
	})
}

func replicaSetCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *appsv1.ReplicaSet) []any {
		containers, images := names(o.Spec.Template.Spec.Containers)
		return []any{o.Name, wanted(o.Spec.Replicas), int64(o.Status.Replicas), int64(o.Status.ReadyReplicas), p.age(o), containers, images,
			labelSelector(o.Spec.Selector)}
	})
}

func statefulSetCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *appsv1.StatefulSet) []any {
		containers, images := names(o.Spec.Template.Spec.Containers)
		return []any{o.Name, fmt.Sprintf("%d/%d", o.Status.ReadyReplicas, wanted(o.Spec.Replicas)), p.age(o), containers, images}
	})
}

func daemonSetCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *appsv1.DaemonSet) []any {
		containers, images := names(o.Spec.Template.Spec.Containers)
		return []any{o.Name, int64(o.Status.DesiredNumberScheduled), int64(o.Status.CurrentNumberScheduled), int64(o.Status.NumberReady),
			int64(o.Status.UpdatedNumberScheduled), int64(o.Status.NumberAvailable), selector(o.Spec.Template.Spec.NodeSelector), p.age(o), containers, images,
			labelSelector(o.Spec.Selector)}
	})
}

func revisionCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *appsv1.ControllerRevision) []any {
		controller := none
		if ref := metav1.GetControllerOf(o); ref != nil {
			controller = ref.Kind + "/" + ref.Name
			if gv := ref.APIVersion; gv != "v1" {
				controller = fmt.Sprintf("%s.%s/%s", lower(ref.Kind), groupOf(gv), ref.Name)
			}
		}
		return []any{o.Name, controller, o.Revision, p.age(o)}
	})
}

func jobCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *batchv1.Job) []any {
		containers, images := names(o.Spec.Template.Spec.Containers)
		completions := fmt.Sprintf("%d/%d", o.Status.Succeeded, wanted(o.Spec.Completions))
		if o.Spec.Completions == nil && wanted(o.Spec.Parallelism) > 1 {
			completions = fmt.Sprintf("%d/1 of %d", o.Status.Succeeded, *o.Spec.Parallelism)
		}
		took := ""
		if o.Status.StartTime != nil {
			until := p.now
			if o.Status.CompletionTime != nil {
				until = o.Status.CompletionTime.Time
			}
			took = duration.HumanDuration(until.Sub(o.Status.StartTime.Time))
		}
		return []any{o.Name, jobStatus(o), completions, took, p.age(o), containers, images, labelSelector(o.Spec.Selector)}
	})
}

// jobStatus is the last word that the conditions of a job have on it.
func jobStatus(o *batchv1.Job) string {
	has := func(kind batchv1.JobConditionType) bool {
		for _, c := range o.Status.Conditions {
			if c.Type == kind {
				return c.Status == corev1.ConditionTrue
			}
		}
		return false
	}
	switch {
	case has(batchv1.JobComplete):
		return "Complete"
	case has(batchv1.JobFailed):
		return "Failed"
	case o.DeletionTimestamp != nil:
		return "Terminating"
	case has(batchv1.JobSuspended):
		return "Suspended"
	case has(batchv1.JobFailureTarget):
		return "FailureTarget"
	case has(batchv1.JobSuccessCriteriaMet):
		return "SuccessCriteriaMet"
	}
	return "Running"
}

func cronJobCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *batchv1.CronJob) []any {
		containers, images := names(o.Spec.JobTemplate.Spec.Template.Spec.Containers)
		last, suspend := none, "False"
		if t := o.Status.LastScheduleTime; t != nil {
			last = p.since(*t)
		}
		if o.Spec.Suspend != nil && *o.Spec.Suspend {
			suspend = "True"
		}
		return []any{o.Name, o.Spec.Schedule, deref(o.Spec.TimeZone, none), suspend, int64(len(o.Status.Active)), last, p.age(o), containers, images,
			labelSelector(o.Spec.JobTemplate.Spec.Selector)}
	})
}
