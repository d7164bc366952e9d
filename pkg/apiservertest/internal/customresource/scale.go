package customresource

import (
	"fmt"
	"math"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// scaleOf returns the scale subresource of a version; nil if it has none.
func (s *served) scaleOf(version string) *CustomResourceSubresourceScale {
	if d := s.definition.version(version); d != nil && d.Subresources != nil {
		return d.Subresources.Scale
	}
	return nil
}

// validateScaleSpec returns what is wrong with the number that the spec of an object has for its scale.
func validateScaleSpec(scale *CustomResourceSubresourceScale, obj *unstructured.Unstructured) field.ErrorList {
	if scale == nil {
		return nil
	}
	return validateReplicas(scale.SpecReplicasPath, obj)
}

// validateScaleStatus returns what is wrong with the number and the selector that the status of an object has for its scale.
func validateScaleStatus(scale *CustomResourceSubresourceScale, obj *unstructured.Unstructured) field.ErrorList {
	if scale == nil {
		return nil
	}
	errs := validateReplicas(scale.StatusReplicasPath, obj)
	if path := scale.LabelSelectorPath; path != nil && *path != "" {
		if selector, _, err := unstructured.NestedString(obj.Object, fields(*path)...); err != nil {
			errs = append(errs, field.Invalid(field.NewPath(*path), selector, err.Error()))
		}
	}
	return errs
}

func validateReplicas(path string, obj *unstructured.Unstructured) field.ErrorList {
	switch replicas, _, err := unstructured.NestedInt64(obj.Object, fields(path)...); {
	case err != nil:
		return field.ErrorList{field.Invalid(field.NewPath(path), replicas, err.Error())}
	case replicas < 0:
		return field.ErrorList{field.Invalid(field.NewPath(path), replicas, "should be a non-negative integer")}
	case replicas > math.MaxInt32:
		return field.ErrorList{field.Invalid(field.NewPath(path), replicas, fmt.Sprintf("should be less than or equal to %d", math.MaxInt32))}
	}
	return nil
}

// fields are the names of a path such as .spec.replicas.
func fields(path string) []string { return strings.Split(strings.TrimPrefix(path, "."), ".") }
