package customresource

import (
	"slices"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// definitionRules are those of CustomResourceDefinitions themselves.
type definitionRules struct {
	library schemas.Library // nil: what a schema says is not looked at
	now     func() time.Time
}

var _ registry.Rules = definitionRules{}

// Prune implements [registry.Rules].
func (definitionRules) Prune(_ *kind.Version, object map[string]any) []string {
	u := &unstructured.Unstructured{Object: object}
	d, problems, err := readDefinition(u)
	if err != nil {
		return nil // Validate says so
	}
	var unknown []string
	for _, problem := range problems {
		if quoted, ok := strings.CutPrefix(problem.Error(), "unknown field "); ok {
			if path, err := strconv.Unquote(quoted); err == nil {
				unknown = append(unknown, path)
			}
		}
	}
	writeDefinition(d, u)
	slices.Sort(unknown)
	return unknown
}

// Default implements [registry.Rules].
func (definitionRules) Default(t kind.Target, obj kind.Object) {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return
	}
	d, _, err := readDefinition(obj)
	if err != nil {
		return // Validate says so
	}
	defaultDefinition(d)
	if t.Subresource != nil && len(d.Status.StoredVersions) == 0 {
		rememberStorage(d)
	}
	writeDefinition(d, u)
}

// Validate implements [registry.Rules]. The status of obj is the server's, as always where status is a subresource; the storage version is written into it here, when
// nothing of what the client sent is in it any more.
func (r definitionRules) Validate(t kind.Target, obj, old kind.Object) ([]string, error) {
	d, _, err := readDefinition(obj)
	if err != nil {
		return nil, err
	}
	if t.Subresource != nil {
		return nil, nil // as on kube-apiserver, a status may be anything
	}
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return nil, nil
	}
	rememberStorage(d)
	writeDefinition(d, u)
	var before *CustomResourceDefinition
	if old != nil {
		if before, _, err = readDefinition(old); err != nil {
			return nil, err
		}
	}
	var schemaErrs field.ErrorList
	warnings := limits(d)
	if r.library != nil {
		oldU, _ := old.(*unstructured.Unstructured)
		schemaErrs = r.library.Validate(u, oldU)
		warnings = append(warnings, r.library.Warnings(u)...)
	}
	if errs := validateDefinition(d, before, schemaErrs); len(errs) > 0 {
		return nil, apierrors.NewInvalid(definitionKind.GroupKind(), obj.GetName(), errs)
	}
	return warnings, nil
}

// limits are the warnings of what a definition asks for and the test server does not do.
func limits(d *CustomResourceDefinition) []string {
	var warnings []string
	if c := d.Spec.Conversion; c != nil && c.Strategy == webhook && len(d.Spec.Versions) > 1 {
		warnings = append(warnings, "spec.conversion.strategy: the test server calls no webhooks: it serves the storage version "+d.storageVersion()+" only")
	}
	for _, v := range d.Spec.Versions {
		for _, c := range v.AdditionalPrinterColumns {
			if _, err := parsePath(c.JSONPath); err != nil {
				warnings = append(warnings, "additionalPrinterColumns of version "+v.Name+": the test server has no columns from "+c.Name+" on: "+err.Error())
				break
			}
		}
	}
	return warnings
}

// ScalePaths implements [registry.Rules].
func (definitionRules) ScalePaths(*kind.Version) (spec, status, selector string) { return "", "", "" }

// SelectableFields implements [registry.Rules].
func (definitionRules) SelectableFields(*kind.Version) []string { return nil }

// BeginDelete implements [registry.Rules]: a definition whose resource is served stays until the objects of the resource are deleted.
func (r definitionRules) BeginDelete(obj kind.Object) {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok || obj.GetDeletionTimestamp() != nil {
		return
	}
	d, _, err := readDefinition(obj)
	if err != nil || !d.is(established) {
		return
	}
	d.setCondition(timestamp(r.now()), terminating, "True", "InstanceDeletionPending",
		"CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon")
	writeDefinition(d, u)
	if !slices.Contains(u.GetFinalizers(), Finalizer) {
		u.SetFinalizers(append(u.GetFinalizers(), Finalizer))
	}
}
