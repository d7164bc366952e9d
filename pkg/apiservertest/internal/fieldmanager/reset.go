package fieldmanager

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// ResetFields returns the paths of the fields that the endpoint of target leaves as they are, whatever a request says, such as
// "status" or "metadata.labels". Nobody who writes there owns them.
func ResetFields(target kind.Target) []string { return resetFieldsOf(target, target.Version) }

// statusResets are the fields that the status subresource of built-in resources leaves alone, where it is not only spec. The keys
// are resources ("deployments.apps"), or groups after "*.".
var statusResets = map[string][]string{
	"pods":             {"spec", "metadata.deletionTimestamp", "metadata.ownerReferences"},
	"deployments.apps": {"spec", "metadata.labels"},
	"certificatesigningrequests.certificates.k8s.io": {"spec", "status.conditions"},
	"servicecidrs.networking.k8s.io":                 {"spec", "metadata"},
	"volumeattachments.storage.k8s.io":               {"spec", "metadata"},
	"*.admissionregistration.k8s.io":                 {"spec", "metadata"},
	"*.flowcontrol.apiserver.k8s.io":                 {"spec", "metadata"},
	"*.resource.k8s.io":                              {"spec", "metadata"},
}

var signingRequests = schema.GroupResource{Group: "certificates.k8s.io", Resource: "certificatesigningrequests"}

func resetFieldsOf(target kind.Target, version *kind.Version) []string {
	subresource := ""
	if target.Subresource != nil {
		subresource = target.Subresource.Name
	}
	switch {
	case subresource == "approval":
		return []string{"spec", "status.certificate"}
	case version.Subresource("status") == nil:
		return nil
	case subresource == "" && target.Resource.GroupResource() == signingRequests:
		return []string{"spec", "status"} // what is asked for is settled when it is asked
	case subresource == "":
		return []string{"status"}
	case subresource != "status":
		return nil
	case target.Resource.Custom:
		return []string{"spec", "metadata"}
	}
	if fields, ok := statusResets[target.Resource.GroupResource().String()]; ok {
		return fields
	}
	if fields, ok := statusResets["*."+target.Resource.Group]; ok {
		return fields
	}
	return []string{"spec"}
}

// resetFilters keep the reset fields of each version out of the sets of managers.
func resetFilters(target kind.Target) map[fieldpath.APIVersion]fieldpath.Filter {
	sets := make(map[fieldpath.APIVersion]*fieldpath.Set)
	for i := range target.Resource.Versions {
		version := &target.Resource.Versions[i]
		if fields := resetFieldsOf(target, version); len(fields) > 0 {
			sets[fieldpath.APIVersion(target.Resource.GroupVersionKind(version).GroupVersion().String())] = setOf(fields)
		}
	}
	return fieldpath.NewExcludeFilterSetMap(sets)
}

func setOf(fields []string) *fieldpath.Set {
	set := fieldpath.NewSet()
	for _, field := range fields {
		set.Insert(pathOf(field))
	}
	return set
}

// pathOf reads a path of fields such as "spec.replicas", or ".spec.replicas" as CustomResourceDefinitions write it.
func pathOf(fields string) fieldpath.Path {
	var path fieldpath.Path
	for name := range strings.SplitSeq(strings.TrimPrefix(fields, "."), ".") {
		path = append(path, fieldpath.PathElement{FieldName: &name})
	}
	return path
}
