package codec

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func podCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Pod) []any {
		ready, total, restarts, lastRestart := podCounts(o)
		restarted := strconv.FormatInt(restarts, 10)
		if restarts > 0 && !lastRestart.IsZero() {
			restarted = fmt.Sprintf("%d (%s ago)", restarts, p.since(metav1.NewTime(lastRestart)))
		}
		ip := none
		if len(o.Status.PodIPs) > 0 {
			ip = orNone(o.Status.PodIPs[0].IP)
		}
		gates := none
		if n := len(o.Spec.ReadinessGates); n > 0 {
			good := 0
			for _, gate := range o.Spec.ReadinessGates {
				for _, condition := range o.Status.Conditions {
					if condition.Type == gate.ConditionType && condition.Status == corev1.ConditionTrue {
						good++
					}
				}
			}
			gates = fmt.Sprintf("%d/%d", good, n)
		}
		return []any{o.Name, fmt.Sprintf("%d/%d", ready, total), podStatus(o), restarted, p.age(o), cmp.Or(o.Status.PodIP, ip), orNone(o.Spec.NodeName),
			orNone(o.Status.NominatedNodeName), gates}
	})
}

// sidecar says whether an init container of that name goes on running beside the others.
func sidecar(o *corev1.Pod, name string) bool {
	for i := range o.Spec.InitContainers {
		if c := &o.Spec.InitContainers[i]; c.Name == name {
			return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
		}
	}
	return false
}

// podCounts returns how many containers run, of how many, and how often and when they were restarted. While a pod initializes, its init containers'
// restarts count; later only those of sidecars and main containers do.
func podCounts(o *corev1.Pod) (ready, total int, restarts int64, last time.Time) {
	total = len(o.Spec.Containers)
	for i := range o.Spec.InitContainers {
		if sidecar(o, o.Spec.InitContainers[i].Name) {
			total++
		}
	}
	count := func(s *corev1.ContainerStatus) {
		restarts += int64(s.RestartCount)
		if t := s.LastTerminationState.Terminated; t != nil && t.FinishedAt.After(last) {
			last = t.FinishedAt.Time
		}
	}
	initializing := initReason(o) != ""
	for i := range o.Status.InitContainerStatuses {
		s := &o.Status.InitContainerStatuses[i]
		lasting := sidecar(o, s.Name)
		if initializing || lasting {
			count(s)
		}
		if lasting && s.Ready && s.State.Running != nil {
			ready++
		}
	}
	for i := range o.Status.ContainerStatuses {
		s := &o.Status.ContainerStatuses[i]
		if !initializing {
			count(s)
		}
		if s.Ready && s.State.Running != nil {
			ready++
		}
	}
	return ready, total, restarts, last
}

// podStatus is one word for what happens to a pod: its deletion, what keeps it from starting, what a container waits for or ended with, or its phase.
func podStatus(o *corev1.Pod) string {
	status := cmp.Or(o.Status.Reason, string(o.Status.Phase))
	for _, condition := range o.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Reason == corev1.PodReasonSchedulingGated {
			status = corev1.PodReasonSchedulingGated
		}
	}
	if reason := initReason(o); reason != "" {
		status = reason
	} else {
		status = mainReason(o, status)
	}
	if o.DeletionTimestamp != nil {
		switch {
		case o.Status.Reason == "NodeLost":
			return "Unknown"
		case o.Status.Phase != corev1.PodSucceeded && o.Status.Phase != corev1.PodFailed:
			return "Terminating"
		}
	}
	return status
}

// initReason says what the first init container that is not done does; empty if all are.
func initReason(o *corev1.Pod) string {
	for i := range o.Status.InitContainerStatuses {
		s := &o.Status.InitContainerStatuses[i]
		ended, waiting := s.State.Terminated, s.State.Waiting
		switch {
		case ended != nil && ended.ExitCode == 0:
			continue
		case sidecar(o, s.Name) && s.Started != nil && *s.Started:
			continue
		case ended != nil:
			return "Init:" + endReason(ended)
		case waiting != nil && waiting.Reason != "" && waiting.Reason != "PodInitializing":
			return "Init:" + waiting.Reason
		}
		return fmt.Sprintf("Init:%d/%d", i, len(o.Spec.InitContainers))
	}
	return ""
}

// mainReason says what the first of the main containers waits for or ended with, else what the pod's status is.
func mainReason(o *corev1.Pod, status string) string {
	running := false
	for i := len(o.Status.ContainerStatuses) - 1; i >= 0; i-- {
		s := &o.Status.ContainerStatuses[i]
		switch {
		case s.State.Waiting != nil && s.State.Waiting.Reason != "":
			status = s.State.Waiting.Reason
		case s.State.Terminated != nil:
			status = endReason(s.State.Terminated)
		case s.Ready && s.State.Running != nil:
			running = true
		}
	}
	if status != "Completed" || !running {
		return status
	}
	for _, condition := range o.Status.Conditions {
		if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
			return "Running"
		}
	}
	return "NotReady"
}

func endReason(t *corev1.ContainerStateTerminated) string {
	switch {
	case t.Reason != "":
		return t.Reason
	case t.Signal != 0:
		return fmt.Sprintf("Signal:%d", t.Signal)
	}
	return fmt.Sprintf("ExitCode:%d", t.ExitCode)
}
