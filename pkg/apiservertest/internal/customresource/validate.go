package customresource

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validateDefinition returns what is wrong with a definition that replaces old, or nothing if that is nil. schemaErrs is what is wrong with its schemas. The
// order is that of kube-apiserver.
func validateDefinition(d, old *CustomResourceDefinition, schemaErrs field.ErrorList) field.ErrorList {
	var errs field.ErrorList
	spec := field.NewPath("spec")
	if old != nil && old.is(established) {
		errs = append(errs, validateImmutable(d, old, spec)...)
	} else if d.Name != d.Spec.Names.Plural+"."+d.Spec.Group {
		errs = append(errs, field.Invalid(field.NewPath("metadata", "name"), d.Name, `must be spec.names.plural+"."+spec.group`))
	}
	errs = append(errs, validateGroup(d.Spec.Group, spec.Child("group"))...)
	errs = append(errs, oneOf(spec.Child("scope"), d.Spec.Scope, "Cluster", "Namespaced")...)
	errs = append(errs, validateVersions(d, spec.Child("versions"), schemaErrs)...)
	errs = append(errs, validateNames(d.Spec.Names, spec.Child("names"))...)
	errs = append(errs, filtered(schemaErrs, func(err *field.Error) bool { return !strings.HasPrefix(err.Field, "spec.versions[") })...)
	if sameInAll(d, func(v *CustomResourceDefinitionVersion) any { return v.Subresources }) && len(d.Spec.Versions) > 0 {
		errs = append(errs, validateSubresources(d.Spec.Versions[0].Subresources, spec.Child("subresources"))...)
	}
	if sameInAll(d, func(v *CustomResourceDefinitionVersion) any { return v.AdditionalPrinterColumns }) && len(d.Spec.Versions) > 0 {
		errs = append(errs, validateColumns(d.Spec.Versions[0].AdditionalPrinterColumns, spec.Child("additionalPrinterColumns"))...)
	}
	errs = append(errs, validateConversion(d, spec.Child("conversion"))...)
	errs = append(errs, validateStoredVersions(d)...)
	errs = append(errs, validateApproval(d)...)
	if d.Spec.PreserveUnknownFields {
		errs = append(errs, field.Invalid(spec.Child("preserveUnknownFields"), true,
			"cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"))
	}
	return errs
}

// validateImmutable returns what a definition has changed of one that is established, and may not.
func validateImmutable(d, old *CustomResourceDefinition, spec *field.Path) field.ErrorList {
	var errs field.ErrorList
	immutable := func(path *field.Path, value, old string) {
		if value != old {
			errs = append(errs, field.Invalid(path, value, "field is immutable"))
		}
	}
	immutable(spec.Child("group"), d.Spec.Group, old.Spec.Group)
	immutable(spec.Child("scope"), d.Spec.Scope, old.Spec.Scope)
	immutable(spec.Child("names", "kind"), d.Spec.Names.Kind, old.Spec.Names.Kind)
	immutable(spec.Child("names", "plural"), d.Spec.Names.Plural, old.Spec.Names.Plural)
	return errs
}

func validateGroup(group string, path *field.Path) field.ErrorList {
	if group == "" {
		return field.ErrorList{field.Required(path, "")}
	}
	if problems := utilvalidation.IsDNS1123Subdomain(group); len(problems) > 0 {
		return field.ErrorList{field.Invalid(path, group, strings.Join(problems, ","))}
	}
	if !strings.Contains(group, ".") {
		return field.ErrorList{field.Invalid(path, group, "should be a domain with at least one dot")}
	}
	return nil
}

func validateNames(n CustomResourceDefinitionNames, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	required := func(name, value string, lower bool) {
		path := path.Child(name)
		switch {
		case value == "":
			errs = append(errs, field.Required(path, ""))
		case lower:
			errs = append(errs, dnsLabel(path, value)...)
		default:
			if problems := utilvalidation.IsDNS1035Label(strings.ToLower(value)); len(problems) > 0 {
				errs = append(errs, field.Invalid(path, value, "may have mixed case, but should otherwise match: "+strings.Join(problems, ",")))
			}
		}
	}
	required("plural", n.Plural, true)
	required("singular", n.Singular, true)
	required("kind", n.Kind, false)
	required("listKind", n.ListKind, false)
	for i, name := range n.ShortNames {
		errs = append(errs, dnsLabel(path.Child("shortNames").Index(i), name)...)
	}
	if n.Kind != "" && n.Kind == n.ListKind {
		errs = append(errs, field.Invalid(path.Child("listKind"), n.ListKind, "kind and listKind may not be the same"))
	}
	for i, name := range n.Categories {
		errs = append(errs, dnsLabel(path.Child("categories").Index(i), name)...)
	}
	return errs
}

func validateConversion(d *CustomResourceDefinition, path *field.Path) field.ErrorList {
	c := d.Spec.Conversion
	if c == nil {
		return nil
	}
	var errs field.ErrorList
	if d.Spec.PreserveUnknownFields && c.Strategy != "None" {
		errs = append(errs, field.Invalid(path.Child("strategy"), c.Strategy, "must be None if spec.preserveUnknownFields is true"))
	}
	errs = append(errs, oneOf(path.Child("strategy"), c.Strategy, "None", "Webhook")...)
	client, reviews := path.Child("webhookClientConfig"), path.Child("conversionReviewVersions")
	if c.Strategy == "Webhook" {
		if c.Webhook == nil || c.Webhook.ClientConfig == nil {
			errs = append(errs, field.Required(client, "required when strategy is set to Webhook"))
		}
		if c.Webhook == nil || len(c.Webhook.ConversionReviewVersions) == 0 {
			errs = append(errs, field.Required(reviews, ""))
		}
		return errs
	}
	const unwanted = "should not be set when strategy is not set to Webhook"
	if c.Webhook != nil && c.Webhook.ClientConfig != nil {
		errs = append(errs, field.Forbidden(client, unwanted))
	}
	if c.Webhook != nil && len(c.Webhook.ConversionReviewVersions) > 0 {
		errs = append(errs, field.Forbidden(reviews, unwanted))
	}
	return errs
}

func validateStoredVersions(d *CustomResourceDefinition) field.ErrorList {
	path, stored := field.NewPath("status", "storedVersions"), d.Status.StoredVersions
	if len(stored) == 0 {
		return field.ErrorList{field.Invalid(path, stored, "must have at least one stored version")}
	}
	var errs field.ErrorList
	// Of several storage versions, which are an error, the last counts.
	last := ""
	for _, v := range d.Spec.Versions {
		if v.Storage {
			last = v.Name
		}
	}
	if last != "" && !slices.Contains(stored, last) {
		errs = append(errs, field.Invalid(path, stored, "must have the storage version "+last))
	}
	for i, name := range stored {
		if d.version(name) == nil {
			errs = append(errs, field.Invalid(path.Index(i), name, "missing from spec.versions; "+name+" was previously a storage version, and must remain in spec.versions until a "+
				"storage migration ensures no data remains persisted in "+name+" and removes "+name+" from status.storedVersions"))
		}
	}
	return errs
}

func validateApproval(d *CustomResourceDefinition) field.ErrorList {
	if !protected(d.Spec.Group) {
		return nil
	}
	const kep = ", see https://github.com/kubernetes/enhancements/pull/1111"
	path := field.NewPath("metadata", "annotations").Key(approval)
	text, present, approved, unapproved := approvedBy(d.Annotations)
	switch {
	case !present || text == "":
		return field.ErrorList{field.Required(path, `protected groups must have approval annotation "`+approval+`"`+kep)}
	case !approved && !unapproved:
		return field.ErrorList{field.Invalid(path, text, `protected groups must have approval annotation "`+approval+`" with either a URL or a reason starting with "unapproved"`+kep)}
	}
	return nil
}

func dnsLabel(path *field.Path, value string) field.ErrorList {
	if problems := utilvalidation.IsDNS1035Label(value); len(problems) > 0 {
		return field.ErrorList{field.Invalid(path, value, strings.Join(problems, ","))}
	}
	return nil
}

func oneOf(path *field.Path, value string, supported ...string) field.ErrorList {
	switch {
	case value == "":
		return field.ErrorList{field.Required(path, "")}
	case !slices.Contains(supported, value):
		return field.ErrorList{field.NotSupported(path, value, supported)}
	}
	return nil
}

// sameInAll says whether all versions have the same in a field. Errors then name it as one of spec, not of a version.
func sameInAll(d *CustomResourceDefinition, get func(*CustomResourceDefinitionVersion) any) bool {
	for i := range d.Spec.Versions {
		if !reflect.DeepEqual(get(&d.Spec.Versions[i]), get(&d.Spec.Versions[0])) {
			return false
		}
	}
	return true
}

func filtered(errs field.ErrorList, keep func(*field.Error) bool) field.ErrorList {
	var kept field.ErrorList
	for _, err := range errs {
		if keep(err) {
			kept = append(kept, err)
		}
	}
	return kept
}

func isURL(text string) bool {
	u, err := url.ParseRequestURI(text)
	return err == nil && u.Host != "" && u.Scheme != ""
}
