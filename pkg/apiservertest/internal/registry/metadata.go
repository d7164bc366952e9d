package registry

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// matchNamespace gives an object the namespace of the request, or refuses it if it has another one.
func matchNamespace(obj kind.Object, t kind.Target) error {
	if t.Resource.Namespaced && obj.GetNamespace() != "" && obj.GetNamespace() != t.Namespace {
		return apierrors.NewBadRequest("the namespace of the provided object does not match the namespace sent on the request")
	}
	obj.SetNamespace(t.Namespace) // objects of the cluster lose the one that they name
	return nil
}

// matchName refuses an object that is not the one that the request names.
func matchName(obj kind.Object, t kind.Target) error {
	switch name := obj.GetName(); name {
	case t.Name:
		return nil
	case "":
		return apierrors.NewBadRequest(fmt.Sprintf("the name of the object (%s based on URL) was undeterminable: name must be provided", t.Name))
	default:
		return apierrors.NewBadRequest(fmt.Sprintf("the name of the object (%s) does not match the name on the URL (%s)", name, t.Name))
	}
}

// validateNew checks the metadata of a new object.
func validateNew(obj kind.Object, t kind.Target, s strategy) field.ErrorList {
	path := field.NewPath("metadata")
	nameFn := s.name
	if nameFn == nil {
		nameFn = validation.NameIsDNSSubdomain
	}
	var errs field.ErrorList
	if prefix := obj.GetGenerateName(); prefix != "" {
		for _, msg := range nameFn(prefix, true) {
			errs = append(errs, field.Invalid(path.Child("generateName"), prefix, msg))
		}
	}
	if name := obj.GetName(); name == "" {
		errs = append(errs, field.Required(path.Child("name"), "name or generateName is required"))
	} else {
		for _, msg := range nameFn(name, false) {
			errs = append(errs, field.Invalid(path.Child("name"), name, msg))
		}
	}
	return append(errs, validateCommon(obj, t, path)...)
}

// validateCommon checks what is checked in every write.
func validateCommon(obj kind.Object, t kind.Target, path *field.Path) field.ErrorList {
	errs := validation.ValidateNonnegativeField(obj.GetGeneration(), path.Child("generation"))
	errs = append(errs, metavalidation.ValidateLabels(obj.GetLabels(), path.Child("labels"))...)
	errs = append(errs, validation.ValidateAnnotations(obj.GetAnnotations(), path.Child("annotations"))...)
	errs = append(errs, validateOwners(obj.GetOwnerReferences(), path.Child("ownerReferences"))...)
	errs = append(errs, validation.ValidateFinalizers(obj.GetFinalizers(), path.Child("finalizers"))...)
	if !t.Resource.Custom {
		errs = append(errs, validateFinalizerNames(obj.GetFinalizers(), path.Child("finalizers"))...)
	}
	return errs
}

// validateUpdate checks what an update did to the metadata. kube-apiserver does that twice, for all resources and for each, and looks at labels, annotations and
// owners twice each time; so it has each cause twice or four times.
func validateUpdate(obj, old kind.Object, t kind.Target) field.ErrorList {
	path := field.NewPath("metadata")
	var errs field.ErrorList
	if old.GetDeletionTimestamp() != nil {
		errs = append(errs, validation.ValidateNoNewFinalizers(obj.GetFinalizers(), old.GetFinalizers(), path.Child("finalizers"))...)
	}
	errs = append(errs, validation.ValidateImmutableField(obj.GetUID(), old.GetUID(), path.Child("uid"))...)
	errs = append(errs, validation.ValidateImmutableField(obj.GetDeletionTimestamp(), old.GetDeletionTimestamp(), path.Child("deletionTimestamp"))...)
	errs = append(errs, validation.ValidateImmutableField(obj.GetDeletionGracePeriodSeconds(), old.GetDeletionGracePeriodSeconds(), path.Child("deletionGracePeriodSeconds"))...)
	errs = append(errs, metavalidation.ValidateLabels(obj.GetLabels(), path.Child("labels"))...)
	errs = append(errs, validation.ValidateAnnotations(obj.GetAnnotations(), path.Child("annotations"))...)
	errs = append(errs, validateOwners(obj.GetOwnerReferences(), path.Child("ownerReferences"))...)
	errs = append(errs, validateCommon(obj, t, path)...)
	return slices.Concat(errs, errs)
}

// validateOwners has the texts of v1.36, which the library has changed since.
func validateOwners(owners []metav1.OwnerReference, path *field.Path) (errs field.ErrorList) {
	controller := ""
	for _, owner := range owners {
		for _, required := range []struct{ field, value, message string }{
			{"apiVersion", owner.APIVersion, "version must not be empty"},
			{"kind", owner.Kind, "must not be empty"},
			{"name", owner.Name, "must not be empty"},
			{"uid", string(owner.UID), "must not be empty"},
		} {
			if required.value == "" {
				errs = append(errs, field.Invalid(path.Child(required.field), required.value, required.message))
			}
		}
		gvk := schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind)
		if _, banned := validation.BannedOwners[gvk]; banned {
			errs = append(errs, field.Invalid(path, owner, fmt.Sprintf("%s is disallowed from being an owner", gvk)))
		}
		if owner.Controller == nil || !*owner.Controller {
			continue
		}
		this := owner.Kind + "/" + owner.Name
		if controller != "" {
			errs = append(errs, field.Invalid(path, owners, fmt.Sprintf("Only one reference can have Controller set to true. "+
				"Found \"true\" in references for %v and %v", controller, this)))
			continue
		}
		controller = this
	}
	return errs
}

// finalizerWarnings are what custom resources get for new names without a domain.
func finalizerWarnings(obj, old kind.Object) (warnings []string) {
	for _, name := range obj.GetFinalizers() {
		known := old != nil && slices.Contains(old.GetFinalizers(), name)
		if !known && !standardFinalizer(name) && !strings.ContainsAny(name, "./") {
			warnings = append(warnings, fmt.Sprintf("metadata.finalizers: %q: prefer a domain-qualified finalizer name to avoid accidental conflicts "+
				"with other finalizer writers", name))
		}
	}
	return warnings
}

func standardFinalizer(name string) bool {
	return name == string(corev1.FinalizerKubernetes) || name == metav1.FinalizerOrphanDependents || name == metav1.FinalizerDeleteDependents
}

// validateFinalizerNames refuses names without a domain, as built-in resources do.
func validateFinalizerNames(finalizers []string, path *field.Path) (errs field.ErrorList) {
	for i, name := range finalizers {
		if !standardFinalizer(name) && !strings.Contains(name, "/") {
			errs = append(errs, field.Invalid(path.Index(i), name, "name is neither a standard finalizer name nor is it fully qualified"))
		}
	}
	return errs
}
