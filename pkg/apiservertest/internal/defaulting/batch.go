package defaulting

import (
	"math"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func job(j *batchv1.Job) {
	spec := &j.Spec
	if spec.Completions == nil && spec.Parallelism == nil {
		pointTo(&spec.Completions, 1)
	}
	pointTo(&spec.Parallelism, 1)
	if spec.BackoffLimitPerIndex != nil {
		pointTo(&spec.BackoffLimit, math.MaxInt32) // that of the indexes is what counts
	}
	pointTo(&spec.BackoffLimit, 6)
	pointTo(&spec.CompletionMode, batchv1.NonIndexedCompletion)
	pointTo(&spec.Suspend, false)
	pointTo(&spec.ManualSelector, false)
	if spec.PodFailurePolicy != nil {
		pointTo(&spec.PodReplacementPolicy, batchv1.Failed)
		podFailurePolicy(spec.PodFailurePolicy)
	}
	pointTo(&spec.PodReplacementPolicy, batchv1.TerminatingOrFailed)
	if len(j.Labels) == 0 {
		j.Labels = spec.Template.Labels // the same map: a new job gets the labels that are made for its pods, too
	}
	podSpec(&spec.Template.Spec)
}

func podFailurePolicy(p *batchv1.PodFailurePolicy) {
	for _, rule := range p.Rules {
		for i := range rule.OnPodConditions {
			to(&rule.OnPodConditions[i].Status, corev1.ConditionTrue)
		}
	}
}

// cronJob leaves the spec of the jobs, but for their pods, as it is: a job gets its defaults when it is created.
func cronJob(c *batchv1.CronJob) {
	to(&c.Spec.ConcurrencyPolicy, batchv1.AllowConcurrent)
	pointTo(&c.Spec.Suspend, false)
	pointTo(&c.Spec.SuccessfulJobsHistoryLimit, 3)
	pointTo(&c.Spec.FailedJobsHistoryLimit, 1)
	podSpec(&c.Spec.JobTemplate.Spec.Template.Spec)
}
