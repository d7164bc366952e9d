package crd

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// Limits of the costs of rules, in units of CEL: of one rule, and of all of a schema.
const (
	ruleCost   = 10_000_000
	schemaCost = 100_000_000
)

// ruleCheck collects what is wrong with the rules of a schema.
type ruleCheck struct {
	environment *environment.EnvSet
	errs        field.ErrorList
	costs       []costOfRule
}

type costOfRule struct {
	path *field.Path
	cost uint64
}

// place is where in a schema a rule is.
type place struct {
	path *field.Path
	root bool
	// count is how many values there can be at most; 0: no limit is known.
	count uint64
	// lost is where the values stop to have an old one, such as a list without keys; nil if they have.
	lost *field.Path
}

// validateRules returns what is wrong with the CEL rules of a schema: syntax, types, and what they may cost.
func validateRules(s *structural.Structural, path *field.Path) field.ErrorList {
	c := &ruleCheck{environment: environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())}
	c.schema(s, place{path: path, root: true, count: 1})
	return append(c.errs, c.total(path)...)
}

func (c *ruleCheck) schema(s *structural.Structural, at place) {
	c.rules(s, at)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		c.schema(&property, place{path: at.path.Child("properties").Key(name), count: at.count, lost: at.lost})
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Structural != nil {
		inner := place{path: at.path.Child("additionalProperties"), count: times(at.count, maxProperties(s)), lost: at.lost}
		if inner.lost == nil && !cel.MapIsCorrelatable(s.XMapType) {
			inner.lost = at.path
		}
		c.schema(s.AdditionalProperties.Structural, inner)
	}
	if s.Items != nil {
		inner := place{path: at.path.Child("items"), count: times(at.count, maxItems(s)), lost: at.lost}
		if inner.lost == nil && (s.XListType == nil || *s.XListType != "map") {
			inner.lost = at.path
		}
		c.schema(s.Items, inner)
	}
}

// rules looks at the rules of one schema.
func (c *ruleCheck) rules(s *structural.Structural, at place) {
	if len(s.XValidations) == 0 {
		return
	}
	path := at.path.Child("x-kubernetes-validations")
	wellFormed := true
	for i, rule := range s.XValidations {
		errs := validateRule(rule, s, path.Index(i))
		wellFormed = wellFormed && len(errs) == 0
		c.errs = append(c.errs, errs...)
	}
	if !wellFormed {
		return
	}
	compiled, err := cel.Compile(s, model.SchemaDeclType(s, at.root || s.XEmbeddedResource), celconfig.PerCallLimit, c.environment, cel.NewExpressionsEnvLoader())
	if err != nil {
		c.errs = append(c.errs, field.InternalError(path, fmt.Errorf("failed to construct compiler for x-kubernetes-validations rules: %w", err)))
		return
	}
	for i, result := range compiled {
		rule, path := s.XValidations[i], path.Index(i)
		if result.Error != nil {
			c.errs = append(c.errs, compileError(result.Error, path.Child("rule"), rule))
			continue
		}
		if result.MessageExpressionError != nil {
			c.errs = append(c.errs, compileError(result.MessageExpressionError, path.Child("messageExpression"), rule))
			continue
		}
		if result.UsesOldSelf && at.lost != nil && (rule.OptionalOldSelf == nil || !*rule.OptionalOldSelf) {
			c.errs = append(c.errs, field.Invalid(path.Child("rule"), rule.Rule, fmt.Sprintf("oldSelf cannot be used on the uncorrelatable portion of the schema within %v", at.lost)))
		}
		count := at.count
		if count == 0 {
			count = result.MaxCardinality
		}
		c.cost(path.Child("rule"), "rule", multiply(count, result.MaxCost))
		if result.MessageExpression != nil {
			c.cost(path.Child("messageExpression"), "messageExpression", multiply(count, result.MessageExpressionMaxCost))
		}
	}
}

// validateRule looks at what of a rule is not CEL.
func validateRule(rule apiextensionsv1.ValidationRule, s *structural.Structural, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	switch message := strings.TrimSpace(rule.Message); {
	case strings.TrimSpace(rule.Rule) == "":
		errs = append(errs, field.Required(path.Child("rule"), "rule is not specified"))
	case rule.Message != "" && message == "":
		errs = append(errs, field.Invalid(path.Child("message"), rule.Message, "must be non-empty if specified"))
	case strings.Contains(message, "\n"):
		errs = append(errs, field.Invalid(path.Child("message"), rule.Message, "must not contain line breaks"))
	case message == "" && strings.Contains(strings.TrimSpace(rule.Rule), "\n"):
		errs = append(errs, field.Required(path.Child("message"), "message must be specified if rule contains line breaks"))
	}
	if rule.MessageExpression != "" && strings.TrimSpace(rule.MessageExpression) == "" {
		errs = append(errs, field.Required(path.Child("messageExpression"), "must be non-empty if specified"))
	}
	reasons := []string{"FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"}
	if rule.Reason != nil && !slices.Contains(reasons, string(*rule.Reason)) {
		errs = append(errs, field.NotSupported(path.Child("reason"), *rule.Reason, reasons))
	}
	if rule.FieldPath != "" {
		if _, _, err := cel.ValidFieldPath(rule.FieldPath, s, cel.WithFieldPathAllowArrayNotation(false)); err != nil {
			errs = append(errs, field.Invalid(path.Child("fieldPath"), rule.FieldPath, "must be a valid path"))
		}
	}
	return errs
}

// compileError is the error of an expression that CEL does not take. It shows the rule as kube-apiserver has it inside.
func compileError(err *apiservercel.Error, path *field.Path, rule apiextensionsv1.ValidationRule) *field.Error {
	switch err.Type {
	case apiservercel.ErrorTypeRequired:
		return field.Required(path, err.Detail)
	case apiservercel.ErrorTypeInvalid:
		return field.Invalid(path, apiextensions.ValidationRule{
			Rule: rule.Rule, Message: rule.Message, MessageExpression: rule.MessageExpression,
			Reason: (*apiextensions.FieldValueErrorReason)(rule.Reason), FieldPath: rule.FieldPath, OptionalOldSelf: rule.OptionalOldSelf,
		}, err.Detail)
	}
	return field.InternalError(path, err)
}

// cost takes note of what an expression may cost.
func (c *ruleCheck) cost(path *field.Path, what string, cost uint64) {
	if cost > ruleCost {
		c.errs = append(c.errs, field.Forbidden(path, "estimated "+what+" cost exceeds budget by factor of "+factor(cost, ruleCost)))
	}
	c.costs = append(c.costs, costOfRule{path, cost})
}

// total returns the errors of a schema whose expressions cost too much together: at those that cost most, and at the schema.
func (c *ruleCheck) total(path *field.Path) field.ErrorList {
	var sum uint64
	for _, rule := range c.costs {
		if sum += rule.cost; sum < rule.cost {
			sum = math.MaxUint64
			break
		}
	}
	if sum <= schemaCost {
		return nil
	}
	const shown = 4
	costs := slices.Clone(c.costs)
	slices.SortStableFunc(costs, func(a, b costOfRule) int { return cmp.Compare(b.cost, a.cost) })
	var errs field.ErrorList
	for _, rule := range costs[:min(shown, len(costs))] {
		errs = append(errs, field.Forbidden(rule.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"))
	}
	return append(errs, field.Forbidden(path, "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of "+factor(sum, schemaCost)))
}

// factor says by how much a cost is over its limit, and what helps.
func factor(cost, limit uint64) string {
	const cure = " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
	times := float64(cost) / float64(limit)
	switch {
	case times > 100:
		return "more than 100x" + cure
	case times < 1.5:
		return fmt.Sprintf("%fx", times) + cure // not 1.0x
	}
	return fmt.Sprintf("%.1fx", times) + cure
}

func maxItems(s *structural.Structural) uint64 {
	if s.ValueValidation == nil || s.ValueValidation.MaxItems == nil || *s.ValueValidation.MaxItems < 0 {
		return 0
	}
	return uint64(*s.ValueValidation.MaxItems)
}

func maxProperties(s *structural.Structural) uint64 {
	if s.ValueValidation == nil || s.ValueValidation.MaxProperties == nil || *s.ValueValidation.MaxProperties < 0 {
		return 0
	}
	return uint64(*s.ValueValidation.MaxProperties)
}

// times multiplies counts, of which 0 means that there is no limit.
func times(a, b uint64) uint64 {
	if a == 0 || b == 0 {
		return 0
	}
	return multiply(a, b)
}

// multiply multiplies; what is too much is the most that there is.
func multiply(a, b uint64) uint64 {
	if high, low := bits.Mul64(a, b); high == 0 {
		return low
	}
	return math.MaxUint64
}
