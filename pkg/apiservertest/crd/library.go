package crd

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// WithSchemas makes a server treat custom resources as their schemas say.
func WithSchemas() apiservertest.Option { return apiservertest.WithCustomResourceSchemas(Schemas()) }

// Schemas returns the library that WithSchemas gives to a server.
func Schemas() schemas.Library { return library{} }

type library struct{}

// Validate implements [schemas.Library]. Schemas that old has, too, are not looked at again.
func (library) Validate(definition, old *unstructured.Unstructured) field.ErrorList {
	versions, err := read(definition)
	if err != nil {
		return field.ErrorList{field.InternalError(field.NewPath("spec", "versions"), err)}
	}
	var before []version
	if old != nil {
		before, _ = read(old) // what cannot be read is looked at again
	}
	same := sameInAll(versions, func(v version) any { return v.schema })
	sameSelectable := sameInAll(versions, func(v version) any { return v.selectable })
	spec := field.NewPath("spec")
	var errs field.ErrorList
	for i, v := range versions {
		if v.schema == nil || v.isIn(before) {
			continue // the server says that it is missing
		}
		path := spec.Child("versions").Index(i)
		schemaPath, selectablePath := path.Child("schema", "openAPIV3Schema"), path.Child("selectableFields")
		if same {
			schemaPath = spec.Child("validation", "openAPIV3Schema")
		}
		if sameSelectable {
			selectablePath = spec.Child("selectableFields")
		}
		if schemaErrs := validateSchema(v.schema, schemaPath); len(schemaErrs) > 0 {
			errs = append(errs, schemaErrs...)
		} else {
			errs = append(errs, validateSelectable(v, selectablePath)...)
		}
		if same && sameSelectable {
			break // all others have the same errors
		}
	}
	return errs
}

// Warnings implements [schemas.Library].
func (library) Warnings(definition *unstructured.Unstructured) []string {
	versions, err := read(definition)
	if err != nil {
		return nil // Validate says so
	}
	var warnings []string
	for _, v := range versions {
		if v.schema == nil {
			continue
		}
		// Only the visits count; what cannot be converted Validate says.
		_ = validation.ConvertJSONSchemaPropsWithPostProcess(v.schema, &spec.Schema{}, func(s *spec.Schema) error {
			for _, format := range validation.GetUnrecognizedFormats(s, environment.DefaultCompatibilityVersion()) {
				if warning := fmt.Sprintf("unrecognized format %q", format); !slices.Contains(warnings, warning) {
					warnings = append(warnings, warning)
				}
			}
			return nil
		})
	}
	return warnings
}

// validateSchema returns what is wrong with a schema. Defaults are looked at if the rest is right, and rules if the
// defaults are, too.
func validateSchema(props *apiextensions.JSONSchemaProps, path *field.Path) field.ErrorList {
	errs := validateProps(props, path)
	s, err := structural.NewStructural(props)
	if err != nil {
		if len(errs) == 0 {
			errs = append(errs, field.Invalid(path, "", err.Error()))
		}
		return errs
	}
	var first field.ErrorList
	if props.Nullable {
		first = append(first, field.Forbidden(path.Child("nullable"), "nullable cannot be true at the root"))
	}
	if errs = addNew(addNew(first, structural.ValidateStructural(path, s)), errs); len(errs) > 0 {
		return errs
	}
	if errs, err = defaulting.ValidateDefaults(context.Background(), path, s, true, true); err != nil {
		errs = append(errs, field.InternalError(path, err))
	}
	if len(errs) > 0 {
		return errs
	}
	return validateRules(s, path)
}

// addNew adds those errors that are of another field or of another type than those that are there.
func addNew(errs, more field.ErrorList) field.ErrorList {
	for _, err := range more {
		if !slices.ContainsFunc(errs, func(known *field.Error) bool { return known.Field == err.Field && known.Type == err.Type }) {
			errs = append(errs, err)
		}
	}
	return errs
}

// Compile implements [schemas.Library].
func (library) Compile(definition *unstructured.Unstructured, name string) (schemas.Schema, error) {
	versions, err := read(definition)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.name == name && v.schema != nil {
			return newSchema(v.schema)
		}
	}
	return nil, fmt.Errorf("there is none")
}

// version is one of a definition, as far as this package is concerned.
type version struct {
	name       string
	schema     *apiextensions.JSONSchemaProps
	selectable []apiextensionsv1.SelectableField
}

// isIn says whether a version is among others with the same schema and the same selectable fields.
func (v version) isIn(others []version) bool {
	return slices.ContainsFunc(others, func(o version) bool { return reflect.DeepEqual(v, o) })
}

// read returns the versions of a definition, with their schemas as kube-apiserver has them inside.
func read(definition *unstructured.Unstructured) ([]version, error) {
	data, err := json.Marshal(definition.Object["spec"])
	if err != nil {
		return nil, err
	}
	var spec apiextensionsv1.CustomResourceDefinitionSpec
	if err := json.Unmarshal(data, &spec); err != nil {
		return nil, err
	}
	versions := make([]version, 0, len(spec.Versions))
	for _, v := range spec.Versions {
		next := version{name: v.Name, selectable: v.SelectableFields}
		if v.Schema != nil && v.Schema.OpenAPIV3Schema != nil {
			next.schema = &apiextensions.JSONSchemaProps{}
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, next.schema, nil); err != nil {
				return nil, fmt.Errorf("version %s: %w", v.Name, err)
			}
		}
		versions = append(versions, next)
	}
	return versions, nil
}

// sameInAll says whether all versions have the same in a field. Errors then name it as one of spec, not of a version.
func sameInAll(versions []version, get func(version) any) bool {
	for _, v := range versions {
		if !reflect.DeepEqual(get(v), get(versions[0])) {
			return false
		}
	}
	return true
}
