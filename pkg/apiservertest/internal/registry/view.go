package registry

import (
	"fmt"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// view is what an endpoint shows of a stored object, and takes of what is written to it: the object itself, or a subresource that can be got, updated and
// patched. Objects are of the storage's version.
type view interface {
	// show returns what the endpoint shows of obj, which it does not change.
	show(obj kind.Object) (kind.Object, error)
	// merge returns a new stored object: current with that of sent which the endpoint writes. It may change sent. Managed fields are those of sent, if
	// sent has the kind of the object.
	merge(w *write, current, sent kind.Object) (kind.Object, error)
	// ownKind says that what is shown is not of the kind of the object.
	ownKind() bool
}

// view returns that of a target.
func (r *Registry) view(t kind.Target) (view, error) {
	if t.Subresource == nil {
		return partial{target: t}, nil
	}
	switch t.Subresource.Name {
	case "status", "approval":
		return partial{target: t}, nil
	case "scale":
		return r.scaleView(t)
	case "ephemeralcontainers":
		return podPart{func(pod, sent *corev1.Pod) { pod.Spec.EphemeralContainers = sent.Spec.EphemeralContainers }}, nil
	case "resize":
		return podPart{takeResources}, nil
	case "finalize":
		return finalizers{}, nil
	default:
		return nil, apierrors.NewMethodNotSupported(t.Resource.GroupResource(), t.Subresource.Name)
	}
}

// partial shows all of an object, and writes all but the fields that fieldmanager.ResetFields names.
type partial struct{ target kind.Target }

func (partial) show(obj kind.Object) (kind.Object, error) { return obj, nil }
func (partial) ownKind() bool                             { return false }

func (p partial) merge(w *write, current, sent kind.Object) (kind.Object, error) {
	for _, path := range fieldmanager.ResetFields(p.target) {
		if err := restore(sent, current, path); err != nil {
			return nil, err
		}
	}
	if csr, old, ok := both[*certificatesv1.CertificateSigningRequest](sent, current); ok {
		stampConditions(csr.Status.Conditions, old.Status.Conditions, w.now())
	}
	return sent, nil
}

// stampConditions gives new conditions of certificate signing requests the time, which approvers leave to the server.
func stampConditions(conditions, old []certificatesv1.CertificateSigningRequestCondition, now metav1.Time) {
	for i := range conditions {
		c := &conditions[i]
		if c.LastUpdateTime.IsZero() {
			c.LastUpdateTime = now
		}
		if !c.LastTransitionTime.IsZero() {
			continue
		}
		c.LastTransitionTime = now
		for _, before := range old {
			if before.Type == c.Type && before.Status == c.Status && !before.LastTransitionTime.IsZero() {
				c.LastTransitionTime = before.LastTransitionTime
			}
		}
	}
}

// finalizers is what the finalize subresource of a namespace writes.
type finalizers struct{}

func (finalizers) show(obj kind.Object) (kind.Object, error) { return obj, nil }
func (finalizers) ownKind() bool                             { return false }

func (finalizers) merge(_ *write, current, sent kind.Object) (kind.Object, error) {
	before, after, ok := both[*corev1.Namespace](current.DeepCopyObject().(kind.Object), sent)
	if !ok {
		return nil, plainError(fmt.Sprintf("%T cannot be finalized", current))
	}
	before.Spec.Finalizers = after.Spec.Finalizers
	before.ManagedFields = after.ManagedFields
	return before, nil
}

// podPart is a subresource of pods that writes a part of the spec.
type podPart struct {
	take func(pod, sent *corev1.Pod)
}

func (podPart) show(obj kind.Object) (kind.Object, error) { return obj, nil }
func (podPart) ownKind() bool                             { return false }

func (p podPart) merge(_ *write, current, sent kind.Object) (kind.Object, error) {
	pod, from, ok := both[*corev1.Pod](current.DeepCopyObject().(kind.Object), sent)
	if !ok {
		return nil, plainError(fmt.Sprintf("%T is not a pod", current))
	}
	p.take(pod, from)
	pod.ManagedFields = from.ManagedFields
	return pod, nil
}

// takeResources is the resize subresource: the resources of containers that are there.
func takeResources(pod, sent *corev1.Pod) {
	take := func(containers, from []corev1.Container) {
		for i := range containers {
			for _, c := range from {
				if c.Name == containers[i].Name {
					containers[i].Resources, containers[i].ResizePolicy = c.Resources, c.ResizePolicy
				}
			}
		}
	}
	take(pod.Spec.Containers, sent.Spec.Containers)
	take(pod.Spec.InitContainers, sent.Spec.InitContainers)
}

// answerOf makes the result of a write that of the endpoint.
func answerOf(v view, result Result, err error) (Result, error) {
	if err != nil || !v.ownKind() {
		return result, err
	}
	shown, err := v.show(result.Object.(kind.Object))
	if err != nil {
		return Result{}, err
	}
	result.Object = runtime.Object(shown)
	return result, nil
}
