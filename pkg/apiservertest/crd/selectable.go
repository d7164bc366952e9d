package crd

import (
	"fmt"
	"slices"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validateSelectable returns the selectable fields of a version that its schema, which is right, does not have, or not as a string, integer or boolean.
func validateSelectable(v version, path *field.Path) field.ErrorList {
	if len(v.selectable) == 0 {
		return nil
	}
	s, err := structural.NewStructural(v.schema)
	if err != nil {
		return field.ErrorList{field.InternalError(path, err)}
	}
	var errs field.ErrorList
	seen := sets.New[string]()
	for i, selectable := range v.selectable {
		path, text := path.Index(i).Child("jsonPath"), selectable.JSONPath
		if text == "" {
			errs = append(errs, field.Required(path, ""))
			continue
		}
		_, schema, err := cel.ValidFieldPath(text, s, cel.WithFieldPathAllowArrayNotation(false))
		switch {
		case err != nil:
			errs = append(errs, field.Invalid(path, text, fmt.Sprintf("is an invalid path: %v", err)))
			continue
		case !slices.Contains([]string{"string", "integer", "boolean"}, schema.Type):
			errs = append(errs, field.Invalid(path, text, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."))
		}
		if seen.Has(text) {
			errs = append(errs, field.Duplicate(path, text))
		}
		seen.Insert(text)
	}
	return errs
}
