package crd

import (
	"maps"
	"regexp"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// schemaTypes are the types that a schema may have.
var schemaTypes = []string{"array", "boolean", "integer", "number", "object", "string"}

// validateProps returns the fields of a schema that custom resources may not have, and those of a wrong value. What makes a schema structural is looked at
// later.
func validateProps(s *apiextensions.JSONSchemaProps, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	forbidden := func(set bool, name, why string) {
		if set {
			errs = append(errs, field.Forbidden(path.Child(name), why))
		}
	}
	forbidden(s.UniqueItems, "uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
	forbidden(s.Ref != nil, "$ref", "$ref is not supported")
	forbidden(s.ID != "", "id", "id is not supported")
	forbidden(len(s.Definitions) > 0, "definitions", "definitions is not supported")
	forbidden(len(s.PatternProperties) > 0, "patternProperties", "patternProperties is not supported")
	forbidden(len(s.Dependencies) > 0, "dependencies", "dependencies is not supported")
	forbidden(s.AdditionalItems != nil, "additionalItems", "additionalItems is not supported")
	forbidden(s.AdditionalProperties != nil && len(s.Properties) > 0 && (s.AdditionalProperties.Allows || s.AdditionalProperties.Schema != nil),
		"additionalProperties", "additionalProperties and properties are mutual exclusive")
	forbidden(s.Items != nil && len(s.Items.JSONSchemas) > 0, "items", "items must be a schema object and not an array")
	if s.Type != "" && !slices.Contains(schemaTypes, s.Type) {
		errs = append(errs, field.NotSupported(path.Child("type"), s.Type, schemaTypes))
	}
	if s.Type == "array" && s.Items == nil {
		errs = append(errs, field.Required(path.Child("items"), "must be specified"))
	}
	if s.Pattern != "" {
		if _, err := regexp.Compile(s.Pattern); err != nil {
			errs = append(errs, field.Invalid(path.Child("pattern"), s.Pattern, "must be a valid regular expression, but isn't: "+err.Error()))
		}
	}
	if s.XPreserveUnknownFields != nil && !*s.XPreserveUnknownFields {
		errs = append(errs, field.Invalid(path.Child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"))
	}
	if t := s.XMapType; t != nil && *t != "atomic" && *t != "granular" {
		errs = append(errs, field.NotSupported(path.Child("x-kubernetes-map-type"), *t, []string{"atomic", "granular"}))
	}
	if t := s.XListType; t != nil && *t != "atomic" && *t != "set" && *t != "map" {
		errs = append(errs, field.NotSupported(path.Child("x-kubernetes-list-type"), *t, []string{"atomic", "set", "map"}))
	}
	errs = append(errs, validateListMap(s, path)...)
	errs = append(errs, validateListSet(s, path)...)
	eachChild(s, path, func(child *apiextensions.JSONSchemaProps, path *field.Path) {
		errs = append(errs, validateProps(child, path)...)
	})
	return errs
}

// validateListMap looks at the keys of a list that is a map: each is a property of its items that is required or has a default.
func validateListMap(s *apiextensions.JSONSchemaProps, path *field.Path) field.ErrorList {
	if s.XListType == nil || *s.XListType != "map" {
		return nil
	}
	keys := path.Child("x-kubernetes-list-map-keys")
	if len(s.XListMapKeys) == 0 {
		return field.ErrorList{field.Required(keys, "must not be empty if x-kubernetes-list-type is map")}
	}
	if s.Items == nil || s.Items.Schema == nil {
		return nil
	}
	item := s.Items.Schema
	var errs field.ErrorList
	for _, key := range s.XListMapKeys {
		property, ok := item.Properties[key]
		switch {
		case !ok:
			return field.ErrorList{field.Invalid(keys, s.XListMapKeys, "entries must all be names of item properties")}
		case property.Default == nil && !slices.Contains(item.Required, key):
			errs = append(errs, field.Required(path.Child("items", "properties").Key(key).Child("default"),
				"this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"))
		}
	}
	return errs
}

// validateListSet looks at the items of a list that is a set: they are compared as a whole.
func validateListSet(s *apiextensions.JSONSchemaProps, path *field.Path) field.ErrorList {
	if s.XListType == nil || *s.XListType != "set" || s.Items == nil || s.Items.Schema == nil {
		return nil
	}
	const atomic = "must be atomic as item of a list with x-kubernetes-list-type=set"
	switch item, path := s.Items.Schema, path.Child("items"); {
	case item.Type == "object" && (item.XMapType == nil || *item.XMapType != "atomic"):
		return field.ErrorList{field.Invalid(path.Child("x-kubernetes-map-type"), item.XMapType, atomic)}
	case item.Type == "array" && item.XListType != nil && *item.XListType != "atomic":
		return field.ErrorList{field.Invalid(path.Child("x-kubernetes-list-type"), item.XListType, atomic)}
	}
	return nil
}

// eachChild visits the schemas that are directly inside one.
func eachChild(s *apiextensions.JSONSchemaProps, path *field.Path, visit func(*apiextensions.JSONSchemaProps, *field.Path)) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		visit(&property, path.Child("properties").Key(name))
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		visit(s.AdditionalProperties.Schema, path.Child("additionalProperties"))
	}
	if s.Items != nil && s.Items.Schema != nil {
		visit(s.Items.Schema, path.Child("items"))
	}
	for name, list := range map[string][]apiextensions.JSONSchemaProps{"allOf": s.AllOf, "anyOf": s.AnyOf, "oneOf": s.OneOf} {
		for i := range list {
			visit(&list[i], path.Child(name).Index(i))
		}
	}
	if s.Not != nil {
		visit(s.Not, path.Child("not"))
	}
}
