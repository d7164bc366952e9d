package testing

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// ObjectReaction returns the reaction of a server whose objects a tracker keeps: it belongs at the end of the chain, for all
// verbs and resources. With a tracker of this package each write is one step. Any other tracker is asked for the object, told
// the new one and asked again, so that a change in between is lost; it has no deletion of collections.
//
// Subresources:
//   - status: see the package comment.
//   - scale: shows, and sets, spec.replicas of the object. It is a Scale of autoscaling/v1: of the Go type that the scheme of
//     the tracker has for that kind, else unstructured.
//   - what is created at a subresource (bindings, evictions, tokens) is returned as it was sent if its object exists, and has
//     no effect.
//   - all others are the object itself.
//
// Actions that are not of the types of this package for these verbs are not handled.
func ObjectReaction(tracker ObjectTracker) ReactionFunc {
	s := serverOf(tracker)
	return func(action Action) (handled bool, ret runtime.Object, err error) {
		switch a := action.(type) {
		case GetActionImpl:
			ret, err = shown(s, a.ActionImpl)(s.Get(a.Resource, a.Namespace, a.Name, a.GetOptions))
		case ListActionImpl:
			ret, err = s.List(a.Resource, a.Kind, a.Namespace, a.ListOptions)
		case CreateActionImpl:
			ret, err = reactToCreate(s, a)
		case UpdateActionImpl:
			ret, err = reactToUpdate(s, a)
		case PatchActionImpl:
			ret, err = reactToPatch(s, a)
		case DeleteActionImpl:
			err = s.Delete(a.Resource, a.Namespace, a.Name, a.DeleteOptions)
		case DeleteCollectionActionImpl:
			handled, err := s.deleteCollection(a)
			return handled, nil, err
		default:
			return false, nil, fmt.Errorf("no reaction for a %T with verb %q", action, action.GetVerb())
		}
		return true, ret, err
	}
}

// WatchReaction returns the reaction to watches of a server whose objects a tracker keeps.
func WatchReaction(tracker ObjectTracker) WatchReactionFunc {
	return func(action Action) (handled bool, ret watch.Interface, err error) {
		var opts metav1.ListOptions
		if a, ok := action.(WatchActionImpl); ok {
			opts = a.ListOptions
		}
		ret, err = tracker.Watch(action.GetResource(), action.GetNamespace(), opts)
		return true, ret, err
	}
}

func requestOf(a ActionImpl, manager string, dryRun []string) request {
	return request{resource: a.Resource, subresource: a.Subresource, namespace: a.Namespace, manager: manager, dryRun: dryRun}
}

// shown returns what makes of an object what the subresource of an action shows of it.
func shown(s server, a ActionImpl) func(runtime.Object, error) (runtime.Object, error) {
	return func(obj runtime.Object, err error) (runtime.Object, error) {
		if err != nil || a.Subresource != "scale" {
			return obj, err
		}
		object, err := objectOf(obj)
		if err != nil {
			return nil, err
		}
		return scaleOf(object, s.kinds())
	}
}

func reactToCreate(s server, a CreateActionImpl) (runtime.Object, error) {
	if a.Subresource == "" {
		return s.create(requestOf(a.ActionImpl, a.CreateOptions.FieldManager, a.CreateOptions.DryRun), a.Object)
	}
	name := a.Name
	if name == "" { // what has one in the path need not be an object with metadata
		object, err := objectOf(a.Object)
		if err != nil {
			return nil, err
		}
		name = object.GetName()
	}
	if _, err := s.Get(a.Resource, a.Namespace, name); err != nil {
		return nil, err
	}
	return a.Object, nil
}

func reactToUpdate(s server, a UpdateActionImpl) (runtime.Object, error) {
	r := requestOf(a.ActionImpl, a.UpdateOptions.FieldManager, a.UpdateOptions.DryRun)
	object, err := objectOf(a.Object)
	if err != nil {
		return nil, err
	}
	if a.Subresource == "scale" && isScale(object) {
		return shown(s, a.ActionImpl)(s.patch(r, object.GetName(), func(current apiobject.Object) (apiobject.Object, error) {
			return rescaled(r, current, object)
		}))
	}
	return s.update(r, object)
}

func reactToPatch(s server, a PatchActionImpl) (runtime.Object, error) {
	r := requestOf(a.ActionImpl, a.PatchOptions.FieldManager, a.PatchOptions.DryRun)
	change := func(current apiobject.Object) (apiobject.Object, error) {
		return patched(r, current, a.PatchType, a.Patch)
	}
	switch {
	case a.PatchType == types.ApplyYAMLPatchType:
		configuration, err := configurationOf(a)
		if err != nil {
			return nil, err
		}
		if a.Subresource != "scale" {
			return s.apply(r, configuration, a.PatchOptions.Force != nil && *a.PatchOptions.Force)
		}
		change = func(current apiobject.Object) (apiobject.Object, error) {
			return rescaled(r, current, configuration)
		}
	case a.Subresource == "scale":
		change = func(current apiobject.Object) (apiobject.Object, error) {
			before, err := scaleOf(current, s.kinds())
			if err != nil {
				return nil, err
			}
			after, err := patched(r, before, a.PatchType, a.Patch)
			if err != nil {
				return nil, err
			}
			return rescaled(r, current, after)
		}
	}
	return shown(s, a.ActionImpl)(s.patch(r, a.Name, change))
}

// configurationOf reads what is applied. It has the name of the action.
func configurationOf(a PatchActionImpl) (*unstructured.Unstructured, error) {
	configuration, err := patch.Applied(a.Patch)
	if err != nil {
		return nil, err
	}
	switch configuration.GetName() {
	case a.Name:
	case "":
		configuration.SetName(a.Name)
	default:
		return nil, badRequest("the name of the object (%s) does not match the name on the URL (%s)", configuration.GetName(), a.Name)
	}
	return configuration, nil
}
