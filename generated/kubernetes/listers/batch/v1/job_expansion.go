package v1

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// JobListerExpansion has the methods of JobLister that are written by hand.
type JobListerExpansion interface {
	// GetPodJobs returns the Jobs that select a pod. At most one of them, its controller, manages it. That there is none
	// is an error. The Jobs are copies, but what they refer to belongs to the cache and must not be changed.
	GetPodJobs(pod *corev1.Pod) (jobs []batchv1.Job, err error)
}

// JobNamespaceListerExpansion has those of JobNamespaceLister: none.
type JobNamespaceListerExpansion interface{}

func (l *jobLister) GetPodJobs(pod *corev1.Pod) (jobs []batchv1.Job, err error) {
	selecting, err := l.Managing(pod, jobSelector)
	if err != nil {
		return nil, err
	}
	for _, job := range selecting {
		jobs = append(jobs, *job)
	}
	return jobs, nil
}

func jobSelector(job *batchv1.Job) (labels.Selector, error) {
	return metav1.LabelSelectorAsSelector(job.Spec.Selector)
}
