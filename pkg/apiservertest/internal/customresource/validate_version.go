package customresource

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// internalVersion is a version as errors of spec.versions show it. What is the same in all versions they do not show.
type internalVersion struct {
	Name                     string
	Served, Storage          bool
	Deprecated               bool
	DeprecationWarning       *string
	Schema                   *CustomResourceValidation
	Subresources             *CustomResourceSubresources
	AdditionalPrinterColumns []CustomResourceColumnDefinition
	SelectableFields         []SelectableField
}

// validateVersions returns what is wrong with the versions, the errors of their schemas included.
func validateVersions(d *CustomResourceDefinition, path *field.Path, schemaErrs field.ErrorList) field.ErrorList {
	var errs field.ErrorList
	names := sets.New[string]()
	storages := 0
	shown := make([]internalVersion, 0, len(d.Spec.Versions))
	sameSubresources := sameInAll(d, func(v *CustomResourceDefinitionVersion) any { return v.Subresources })
	sameColumns := sameInAll(d, func(v *CustomResourceDefinitionVersion) any { return v.AdditionalPrinterColumns })
	for i, v := range d.Spec.Versions {
		path := path.Index(i)
		shown = append(shown, internalVersion{Name: v.Name, Served: v.Served, Storage: v.Storage, Deprecated: v.Deprecated, DeprecationWarning: v.DeprecationWarning})
		names.Insert(v.Name)
		if v.Storage {
			storages++
		}
		errs = append(errs, dnsLabel(path.Child("name"), v.Name)...)
		errs = append(errs, validateDeprecation(v, path.Child("deprecationWarning"))...)
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			errs = append(errs, field.Required(path.Child("schema", "openAPIV3Schema"), ""))
		}
		errs = append(errs, filtered(schemaErrs, func(err *field.Error) bool { return strings.HasPrefix(err.Field, path.String()+".") })...)
		if !sameSubresources {
			errs = append(errs, validateSubresources(v.Subresources, path.Child("subresources"))...)
		}
		if !sameColumns {
			errs = append(errs, validateColumns(v.AdditionalPrinterColumns, path.Child("additionalPrinterColumns"))...)
		}
	}
	if d.Spec.Versions == nil {
		shown = nil
	}
	if names.Len() < len(d.Spec.Versions) {
		errs = append(errs, field.Invalid(path, shown, "must contain unique version names"))
	}
	if storages != 1 {
		errs = append(errs, field.Invalid(path, shown, "must have exactly one version marked as storage version"))
	}
	// The first version has a second name for kube-apiserver, which it checks again.
	if len(d.Spec.Versions) > 0 && d.Spec.Versions[0].Name != "" {
		errs = append(errs, dnsLabel(field.NewPath("spec", "version"), d.Spec.Versions[0].Name)...)
	}
	return errs
}

func validateDeprecation(v CustomResourceDefinitionVersion, path *field.Path) field.ErrorList {
	const most = 256 // bytes
	switch warning := v.DeprecationWarning; {
	case warning == nil:
		return nil
	case !v.Deprecated:
		return field.ErrorList{field.Invalid(path, *warning, "can only be set for deprecated versions")}
	case strings.TrimSpace(*warning) == "":
		return field.ErrorList{field.Invalid(path, *warning, "must not be an empty string")}
	case len(*warning) > most:
		return field.ErrorList{field.Invalid(path, *warning, "must be <= 256 characters in length")}
	}
	return nil
}

func validateSubresources(s *CustomResourceSubresources, path *field.Path) field.ErrorList {
	if s == nil || s.Scale == nil {
		return nil
	}
	path = path.Child("scale")
	errs := validateReplicasPath(s.Scale.SpecReplicasPath, ".spec", path.Child("specReplicasPath"))
	errs = append(errs, validateReplicasPath(s.Scale.StatusReplicasPath, ".status", path.Child("statusReplicasPath"))...)
	if p := s.Scale.LabelSelectorPath; p != nil && *p != "" {
		path := path.Child("labelSelectorPath")
		switch {
		case !strings.HasPrefix(*p, "."):
			errs = append(errs, simplePath(path, *p)...)
		case !strings.HasPrefix(*p, ".spec.") && !strings.HasPrefix(*p, ".status."):
			errs = append(errs, field.Invalid(path, *p, "should be a json path under either .spec or .status"))
		}
	}
	return errs
}

func validateReplicasPath(value, under string, path *field.Path) field.ErrorList {
	switch {
	case value == "" || !strings.HasPrefix(value, "."):
		return simplePath(path, value)
	case !strings.HasPrefix(value, under+"."):
		return field.ErrorList{field.Invalid(path, value, "should be a json path under "+under)}
	}
	return nil
}

// simplePath returns the error of a path that is empty or does not begin with a dot.
func simplePath(path *field.Path, value string) field.ErrorList {
	switch {
	case value == "":
		return field.ErrorList{field.Required(path, "")}
	case !strings.HasPrefix(value, "."):
		return field.ErrorList{field.Invalid(path, value, "must be a simple json path starting with .")}
	}
	return nil
}

var (
	columnTypes   = []string{"boolean", "date", "integer", "number", "string"}
	columnFormats = []string{"byte", "date", "date-time", "double", "float", "int32", "int64", "password"}
)

func validateColumns(columns []CustomResourceColumnDefinition, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	types, formats := "must be one of "+strings.Join(columnTypes, ","), "must be one of "+strings.Join(columnFormats, ",")
	for i, c := range columns {
		path := path.Index(i)
		if c.Name == "" {
			errs = append(errs, field.Required(path.Child("name"), ""))
		}
		switch {
		case c.Type == "":
			errs = append(errs, field.Required(path.Child("type"), types))
		case !slices.Contains(columnTypes, c.Type):
			errs = append(errs, field.Invalid(path.Child("type"), c.Type, types))
		}
		if c.Format != "" && !slices.Contains(columnFormats, c.Format) {
			errs = append(errs, field.Invalid(path.Child("format"), c.Format, formats))
		}
		errs = append(errs, simplePath(path.Child("JSONPath"), c.JSONPath)...)
	}
	return errs
}
