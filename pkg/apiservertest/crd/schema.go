package crd

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// schema is one version of a custom resource, compiled.
type schema struct {
	structural *structural.Structural
	values     validation.SchemaValidator
	status     validation.SchemaValidator // of the status alone; nil if the schema does not have it
	rules      *cel.Validator             // nil if there are none
	merge      *typed.ParseableType
}

var _ schemas.Schema = &schema{}

func newSchema(props *apiextensions.JSONSchemaProps) (*schema, error) {
	s, err := structural.NewStructural(props)
	if err != nil {
		return nil, err
	}
	if err := defaulting.PruneDefaults(s); err != nil {
		return nil, fmt.Errorf("defaults: %w", err)
	}
	values, _, err := validation.NewSchemaValidator(props)
	if err != nil {
		return nil, err
	}
	compiled := &schema{structural: s, values: values, rules: cel.NewValidator(s, true, celconfig.PerCallLimit)}
	if status, ok := props.Properties["status"]; ok {
		if compiled.status, _, err = validation.NewSchemaValidator(&status); err != nil {
			return nil, err
		}
	}
	if compiled.merge, err = mergeType(s); err != nil {
		return nil, err
	}
	return compiled, nil
}

// Prune implements [schemas.Schema]. Of embedded objects it prunes the metadata, too.
func (s *schema) Prune(obj *unstructured.Unstructured) []string {
	unknown := pruning.PruneWithOptions(obj.Object, s.structural, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	// The error is that of embedded metadata of a wrong type, which Validate finds again.
	_, embedded := objectmeta.CoerceWithOptions(nil, obj.Object, s.structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	unknown = append(unknown, embedded...)
	slices.Sort(unknown)
	return unknown
}

// Default implements [schemas.Schema]. A null where there may be none is removed, or gives way to the default.
func (s *schema) Default(obj *unstructured.Unstructured) {
	defaulting.PruneNonNullableNullsWithoutDefaults(obj.Object, s.structural)
	defaulting.Default(obj.Object, s.structural)
}

// Validate implements [schemas.Schema]. As on kube-apiserver, what was wrong in old already and has not changed is let through, but for what has no
// counterpart there, such as rules about sets.
func (s *schema) Validate(obj, old *unstructured.Unstructured) field.ErrorList {
	if old == nil {
		return s.validateParts(obj, nil, nil, validation.ValidateCustomResource(nil, obj.Object, s.values))
	}
	correlated := s.correlate(obj, old)
	return s.validateParts(obj, old, correlated, validation.ValidateCustomResourceUpdate(nil, obj.Object, old.Object, s.values, validation.WithRatcheting(correlated)))
}

// ValidateStatus implements [schemas.Schema].
func (s *schema) ValidateStatus(obj, old *unstructured.Unstructured) field.ErrorList {
	correlated := s.correlate(obj, old)
	var errs field.ErrorList
	if status, ok := obj.Object["status"]; ok && s.status != nil {
		errs = validation.ValidateCustomResourceUpdate(field.NewPath("status"), status, old.Object["status"], s.status, validation.WithRatcheting(correlated.Key("status")))
	}
	return s.validateParts(obj, old, correlated, errs)
}

// correlate pairs the values of an object with those that they replace.
func (s *schema) correlate(obj, old *unstructured.Unstructured) *common.CorrelatedObject {
	return common.NewCorrelatedObject(obj.Object, old.Object, &model.Structural{Structural: s.structural})
}

// validateParts adds to errs, which are of the values, those of embedded objects, list types and rules.
func (s *schema) validateParts(obj, old *unstructured.Unstructured, correlated *common.CorrelatedObject, errs field.ErrorList) field.ErrorList {
	if err := objectmeta.Coerce(nil, obj.DeepCopy().Object, s.structural, false, false); err != nil {
		return field.ErrorList{err}
	}
	ctx := context.Background()
	errs = append(errs, objectmeta.Validate(ctx, nil, obj.Object, s.structural, false)...)
	if old == nil || len(listtype.ValidateListSetsAndMaps(nil, s.structural, old.Object)) == 0 {
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, s.structural, obj.Object)...)
	}
	if s.rules == nil {
		return errs
	}
	if slices.ContainsFunc(errs, blocksRules) {
		return append(errs, field.Invalid(nil, nil, "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"))
	}
	var before any // the nil interface tells rules that there is no old object
	var options []cel.Option
	if old != nil {
		before, options = old.Object, []cel.Option{cel.WithRatcheting(correlated)}
	}
	broken, _ := s.rules.Validate(ctx, nil, s.structural, obj.Object, before, celconfig.RuntimeCELCostBudget, options...)
	return append(errs, broken...)
}

// blocksRules says whether an object with that error is too far from its schema for rules.
func blocksRules(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
		return true
	}
	return false
}

// Type implements [schemas.Schema].
func (s *schema) Type() *typed.ParseableType { return s.merge }
