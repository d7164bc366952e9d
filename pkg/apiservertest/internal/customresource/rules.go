package customresource

import (
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apiversion "k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

var _ registry.Rules = &served{}

// versionOf returns that of the version that obj says it is of.
func (s *served) versionOf(obj *unstructured.Unstructured) servedVersion {
	return s.versions[obj.GroupVersionKind().Version]
}

// Prune implements [registry.Rules].
func (s *served) Prune(v *kind.Version, object map[string]any) []string {
	if schema := s.versions[v.Name].schema; schema != nil {
		return schema.Prune(&unstructured.Unstructured{Object: object})
	}
	return nil
}

// Default implements [registry.Rules].
func (s *served) Default(_ kind.Target, obj kind.Object) {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return
	}
	if schema := s.versionOf(u).schema; schema != nil {
		schema.Prune(u)
		schema.Default(u)
	}
}

// Validate implements [registry.Rules].
func (s *served) Validate(t kind.Target, obj, old kind.Object) ([]string, error) {
	if old == nil && s.definition.is(terminating) {
		return nil, apierrors.NewForbidden(s.resource.GroupResource(), obj.GetName(), fmt.Errorf("create not allowed while custom resource definition is terminating"))
	}
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return nil, nil
	}
	version := s.versionOf(u)
	if version.broken != nil {
		return nil, apierrors.NewInternalError(version.broken)
	}
	before, _ := old.(*unstructured.Unstructured)
	if before != nil && before.GetAPIVersion() != u.GetAPIVersion() {
		before = before.DeepCopy()
		before.SetAPIVersion(u.GetAPIVersion())
	}
	var errs field.ErrorList
	scale := s.scaleOf(u.GroupVersionKind().Version)
	switch ofStatus := before != nil && t.Subresource != nil && t.Subresource.Name == "status"; {
	case ofStatus && version.schema != nil:
		errs = append(version.schema.ValidateStatus(u, before), validateScaleStatus(scale, u)...)
	case ofStatus:
		errs = validateScaleStatus(scale, u)
	case version.schema != nil:
		errs = append(version.schema.Validate(u, before), validateScaleSpec(scale, u)...)
	default:
		errs = validateScaleSpec(scale, u)
	}
	if len(errs) > 0 {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: s.resource.Group, Kind: s.resource.Kind}, obj.GetName(), errs)
	}
	return nil, nil
}

// ScalePaths implements [registry.Rules].
func (s *served) ScalePaths(v *kind.Version) (spec, status, selector string) {
	scale := s.scaleOf(v.Name)
	if scale == nil {
		return "", "", ""
	}
	if scale.LabelSelectorPath != nil {
		selector = *scale.LabelSelectorPath
	}
	return scale.SpecReplicasPath, scale.StatusReplicasPath, selector
}

// SelectableFields implements [registry.Rules].
func (s *served) SelectableFields(v *kind.Version) []string {
	var paths []string
	if d := s.definition.version(v.Name); d != nil {
		for _, f := range d.SelectableFields {
			paths = append(paths, f.JSONPath)
		}
	}
	return paths
}

// BeginDelete implements [registry.Rules].
func (s *served) BeginDelete(kind.Object) {}

// warning is what clients are told who use a version; empty if that is not deprecated. It names the version to use instead, if a later one is served.
func (s *served) warning(version string) string {
	d := s.definition.version(version)
	switch {
	case d == nil || !d.Deprecated:
		return ""
	case d.DeprecationWarning != nil:
		return *d.DeprecationWarning
	}
	text := func(version string) string { return s.resource.Group + "/" + version + " " + s.resource.Kind }
	for _, v := range s.resource.Versions { // the latest first
		if apiversion.CompareKubeAwareVersionStrings(v.Name, version) > 0 && !s.definition.version(v.Name).Deprecated {
			return text(version) + " is deprecated; use " + text(v.Name)
		}
	}
	return text(version) + " is deprecated"
}
