package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Delete removes an object, or begins to: an object with finalizers, or one that is given time, gets a deletionTimestamp and goes with the update that
// takes away what holds it.
func (r *Registry) Delete(_ context.Context, req Request, o metav1.DeleteOptions) (Result, error) {
	if err := invalidOptions("DeleteOptions", metavalidation.ValidateDeleteOptions(&o)); err != nil {
		return Result{}, err
	}
	t := req.Target
	if t.Resource.GroupResource() == namespaces && slices.Contains(immortalNamespaces, t.Name) {
		return Result{}, apierrors.NewForbidden(namespaces, t.Name, errors.New("this namespace may not be deleted"))
	}
	d := &deletion{Registry: r, target: t, strategy: strategyOf(t.Resource), options: o}
	return d.run()
}

// DeleteCollection deletes the objects that list selects, each as Delete does, and returns them as they were.
func (r *Registry) DeleteCollection(ctx context.Context, req Request, o metav1.DeleteOptions, list metav1.ListOptions) (*List, error) {
	if err := invalidOptions("DeleteOptions", metavalidation.ValidateDeleteOptions(&o)); err != nil {
		return nil, err
	}
	found, err := r.List(ctx, req, list)
	if err != nil {
		return nil, err
	}
	for _, obj := range found.Objects {
		req.Target.Namespace, req.Target.Name = obj.GetNamespace(), obj.GetName()
		if _, err := r.Delete(ctx, req, o); err != nil && !apierrors.IsNotFound(err) {
			return nil, err
		}
	}
	return found, nil
}

// deletion is a Delete on its way.
type deletion struct {
	*Registry
	target   kind.Target
	strategy strategy
	options  metav1.DeleteOptions

	found   kind.Object // as it was first
	marked  kind.Object // with the deletionTimestamp, if it got one
	waiting bool        // is marked, but not gone

	warnings []string
}

func (d *deletion) run() (Result, error) {
	dryRun := len(d.options.DryRun) > 0
	stored, err := d.put(key(d.target), func(current kind.Object) (kind.Object, error) {
		next, err := d.begin(current)
		if err == nil && dryRun {
			return nil, errDryRun
		}
		return next, err
	})
	if err == nil && d.marked != nil && !d.waiting { // watches see the deletionTimestamp, then the deletion
		stored, err = d.put(key(d.target), d.end)
	}
	switch {
	case errors.Is(err, errDryRun):
		stored = d.found
		if d.marked != nil {
			stored = d.marked
		}
	case err != nil:
		return Result{}, statusError(err)
	}
	return d.answer(stored), nil
}

// begin returns what becomes of the object: nil if it is gone at once.
func (d *deletion) begin(current kind.Object) (kind.Object, error) {
	if current == nil {
		return nil, apierrors.NewNotFound(d.target.Resource.GroupResource(), d.target.Name)
	}
	d.found, d.marked = current, nil
	if err := d.checkPreconditions(current); err != nil {
		return nil, err
	}
	obj := current.DeepCopyObject().(kind.Object)
	obj.SetFinalizers(d.finalizers(current))
	if rules := d.rules(d.target.Resource); rules != nil {
		rules.BeginDelete(obj)
	}
	grace := int64(0)
	if d.strategy.graceful != nil {
		grace = d.strategy.graceful(current, d.options.GracePeriodSeconds)
	}
	d.waiting = grace > 0 || len(obj.GetFinalizers()) > 0 || !finishedNamespace(obj) || beginsToTerminate(obj)
	if !d.waiting && d.strategy.graceful == nil {
		return nil, nil
	}
	d.mark(obj, current, grace)
	d.marked = obj
	if same(obj, current) {
		d.marked = current
	}
	return d.marked, nil
}

// beginsToTerminate reports whether obj is a namespace that is deleted for the first time: it stays for now even if nobody holds it.
func beginsToTerminate(obj kind.Object) bool {
	_, ok := obj.(*corev1.Namespace)
	return ok && obj.GetDeletionTimestamp() == nil
}

// end removes what begin has marked, unless it has become another object.
func (d *deletion) end(current kind.Object) (kind.Object, error) {
	if current == nil || current.GetUID() != d.found.GetUID() {
		return current, nil
	}
	if len(current.GetFinalizers()) > 0 {
		d.waiting = true
		return current, nil
	}
	return nil, nil
}

// mark sets when obj is to be gone: now, or in grace seconds after its deletion was first asked for.
func (d *deletion) mark(obj, current kind.Object, grace int64) {
	now := d.now()
	if ns, ok := obj.(*corev1.Namespace); ok {
		if current.GetDeletionTimestamp() == nil {
			ns.DeletionTimestamp = &now
		}
		ns.Status.Phase = corev1.NamespaceTerminating
		return
	}
	asked := now
	if was := current.GetDeletionTimestamp(); was != nil {
		before := int64(0)
		if g := current.GetDeletionGracePeriodSeconds(); g != nil {
			before = *g
		}
		if grace >= before {
			return // time can only be taken
		}
		asked = metav1.NewTime(was.Add(-time.Duration(before) * time.Second))
		if grace == 0 {
			asked = now
		}
	} else if generation := obj.GetGeneration(); generation > 0 {
		obj.SetGeneration(generation + 1)
	}
	gone := metav1.NewTime(asked.Add(time.Duration(grace) * time.Second))
	obj.SetDeletionTimestamp(&gone)
	obj.SetDeletionGracePeriodSeconds(&grace)
}

func (d *deletion) checkPreconditions(current kind.Object) error {
	want := d.options.Preconditions
	if want == nil {
		return nil
	}
	kind := schema.GroupResource{Group: d.target.Resource.Group, Resource: d.target.Resource.Kind}
	if _, ok := current.(*corev1.Namespace); ok && want.UID != nil && *want.UID != current.GetUID() {
		return apierrors.NewConflict(namespaces, d.target.Name, preconditionFailed(string(*want.UID), string(current.GetUID())))
	}
	if want.UID != nil && *want.UID != current.GetUID() {
		return apierrors.NewConflict(kind, d.target.Name, fmt.Errorf("the UID in the precondition (%s) does not match the UID in record (%s). "+
			"The object might have been deleted and then recreated", *want.UID, current.GetUID()))
	}
	if want.ResourceVersion != nil && *want.ResourceVersion != current.GetResourceVersion() {
		return apierrors.NewConflict(kind, d.target.Name, fmt.Errorf("the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). "+
			"The object might have been modified", *want.ResourceVersion, current.GetResourceVersion()))
	}
	return nil
}

// finalizers returns those of the object with what the options say about its dependents: they stay (orphan), or go before it (foregroundDeletion), or after
// it (neither).
func (d *deletion) finalizers(current kind.Object) []string {
	policy := ""
	switch orphans, o := orphanDependents(d.options), d.options; {
	case orphans != nil && *orphans, is(o.PropagationPolicy, metav1.DeletePropagationOrphan):
		policy = metav1.FinalizerOrphanDependents
	case is(o.PropagationPolicy, metav1.DeletePropagationForeground):
		policy = metav1.FinalizerDeleteDependents
	case orphans == nil && o.PropagationPolicy == nil:
		switch held := current.GetFinalizers(); {
		case slices.Contains(held, metav1.FinalizerOrphanDependents), slices.Contains(held, metav1.FinalizerDeleteDependents):
			return held
		case d.strategy.orphans:
			policy = metav1.FinalizerOrphanDependents
			d.warnOrphans()
		}
	}
	var finalizers []string
	for _, name := range current.GetFinalizers() {
		if name == policy || name != metav1.FinalizerOrphanDependents && name != metav1.FinalizerDeleteDependents {
			finalizers = append(finalizers, name)
		}
	}
	if policy != "" && !slices.Contains(finalizers, policy) {
		finalizers = append(finalizers, policy)
	}
	return finalizers
}

// warnOrphans says what is seldom wanted.
func (d *deletion) warnOrphans() {
	if d.target.Resource.GroupResource() == in("batch", "jobs") {
		d.warnings = []string{"child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them " +
			"or set propagationPolicy=Orphan to suppress this warning"}
	}
}

// orphanDependents is what clients said before there was a propagationPolicy, and still may.
func orphanDependents(o metav1.DeleteOptions) *bool {
	return o.OrphanDependents //nolint:staticcheck // deprecated for clients; servers accept it
}

func is(policy *metav1.DeletionPropagation, want metav1.DeletionPropagation) bool {
	return policy != nil && *policy == want
}

// answer is the object if it is still there or its strategy says so, else a Status.
func (d *deletion) answer(stored kind.Object) Result {
	result := Result{Object: runtime.Object(stored), Code: http.StatusOK, Warnings: d.warnings}
	if orphans := orphanDependents(d.options); d.waiting && orphans != nil && !*orphans {
		result.Code = http.StatusAccepted
	}
	if !d.waiting && !d.strategy.returnsDeleted {
		result.Object = &metav1.Status{Status: metav1.StatusSuccess, Details: &metav1.StatusDetails{
			Name:  d.target.Name,
			Group: d.target.Resource.Group,
			Kind:  d.target.Resource.Plural,
			UID:   d.found.GetUID(),
		}}
	}
	return result
}

// podGrace is how long a pod has to stop: no time if no kubelet has it, or if it has stopped already.
func podGrace(obj kind.Object, asked *int64) int64 {
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return 0
	}
	seconds := int64(corev1.DefaultTerminationGracePeriodSeconds)
	switch {
	case asked != nil:
		seconds = *asked
	case pod.DeletionGracePeriodSeconds != nil:
		seconds = *pod.DeletionGracePeriodSeconds
	case pod.Spec.TerminationGracePeriodSeconds != nil:
		seconds = *pod.Spec.TerminationGracePeriodSeconds
	}
	if pod.Spec.NodeName == "" || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return 0
	}
	if seconds < 0 {
		return 1
	}
	if was := pod.DeletionGracePeriodSeconds; was != nil && pod.DeletionTimestamp != nil {
		return min(seconds, *was)
	}
	return seconds
}
