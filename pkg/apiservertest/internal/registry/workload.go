package registry

import (
	"maps"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// newJob gives a job the selector and the labels by which its pods are its own.
func newJob(_ *Registry, _ User, obj kind.Object) {
	job, ok := obj.(*batchv1.Job)
	if !ok || job.Spec.ManualSelector != nil && *job.Spec.ManualSelector {
		return
	}
	labels := map[string]string{
		batchv1.ControllerUidLabel: string(job.UID),
		batchv1.JobNameLabel:       job.Name,
		"controller-uid":           string(job.UID),
		"job-name":                 job.Name,
	}
	for name, value := range labels {
		metav1.SetMetaDataLabel(&job.Spec.Template.ObjectMeta, name, value)
	}
	if len(job.Labels) == 0 {
		job.Labels = maps.Clone(job.Spec.Template.Labels)
	}
	if job.Spec.Selector == nil {
		job.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{batchv1.ControllerUidLabel: string(job.UID)}}
	}
}

// A daemon set counts its templates in an annotation, the first is 1.

func newDaemonSet(_ *Registry, _ User, obj kind.Object) {
	if d, ok := obj.(*appsv1.DaemonSet); ok {
		metav1.SetMetaDataAnnotation(&d.ObjectMeta, appsv1.DeprecatedTemplateGeneration, "1")
	}
}

func keepDaemonSet(_ *Registry, obj, old kind.Object) {
	a, b, ok := both[*appsv1.DaemonSet](obj, old)
	if !ok {
		return
	}
	generation, _ := strconv.ParseInt(b.Annotations[appsv1.DeprecatedTemplateGeneration], 10, 64) // what is no number counts as none
	if !equality.Semantic.DeepEqual(a.Spec.Template, b.Spec.Template) {
		generation++
	}
	metav1.SetMetaDataAnnotation(&a.ObjectMeta, appsv1.DeprecatedTemplateGeneration, strconv.FormatInt(generation, 10))
}
