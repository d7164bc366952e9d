package discovery

import (
	"crypto/sha256"
	"encoding/base64"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// resourceList is the document of one version of a group.
func resourceList(resources []*kind.Resource, group, version string) *metav1.APIResourceList {
	list := &metav1.APIResourceList{
		TypeMeta:     metav1.TypeMeta{Kind: "APIResourceList"},
		GroupVersion: schemaVersion(group, version).String(),
		APIResources: []metav1.APIResource{},
	}
	if group != "" {
		list.APIVersion = "v1" // the document of the core group is older than this field
	}
	for _, r := range resources {
		v := r.Version(version)
		if v == nil {
			continue
		}
		list.APIResources = append(list.APIResources, metav1.APIResource{
			Name: r.Plural, SingularName: r.Singular, Namespaced: r.Namespaced, Kind: r.Kind, Verbs: v.Verbs,
			ShortNames: r.ShortNames, Categories: r.Categories, StorageVersionHash: storageVersionHash(catalog.StorageKind(r)),
		})
		for _, sub := range v.Subresources {
			item := metav1.APIResource{Name: r.Plural + "/" + sub.Name, Namespaced: r.Namespaced, Kind: sub.Kind.Kind, Verbs: sub.Verbs}
			if sub.Kind.GroupVersion() != schemaVersion(group, version) {
				item.Group, item.Version = sub.Kind.Group, sub.Kind.Version
			}
			list.APIResources = append(list.APIResources, item)
		}
	}
	return list
}

// storageVersionHash is how discovery says in which kind objects are stored. Clients may
// only compare it.
func storageVersionHash(gvk schema.GroupVersionKind) string {
	if gvk.Empty() {
		return ""
	}
	sum := sha256.Sum256([]byte(gvk.Group + "/" + gvk.Version + "/" + gvk.Kind))
	return base64.StdEncoding.EncodeToString(sum[:8])
}
