package model

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// built makes the model of the packages in a txtar archive.
func built(t *testing.T, archive string, options Options, patterns ...string) (*API, string) {
	t.Helper()
	dir := t.TempDir()
	files := append(txtar.Parse([]byte(archive)).Files, txtar.File{Name: "go.mod", Data: []byte("module example.com/m\n\ngo 1.26\n")})
	for _, file := range files {
		name := filepath.Join(dir, file.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var problems diag.Problems
	loader := &load.Loader{Dir: dir}
	packages, err := loader.Load(t.Context(), &problems, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	options.Load = func(context.Context, *diag.Problems, ...string) ([]*load.Package, error) { return nil, nil }
	api, err := Build(t.Context(), packages, options, &problems)
	if err != nil {
		t.Fatal(err)
	}
	if err := problems.Err(); err != nil {
		return api, err.Error()
	}
	return api, ""
}

const rootObjects = `
-- api/v1/types.go --
// +groupName=roots.example.com
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

var GroupVersion, SchemeBuilder = 1, 2

// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
type Oak struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Status struct{}
}

// +kubebuilder:object:root=true
type OakList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Oak
}

// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path="foxes",shortName={f,x}
type Fox struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Status struct{}
}

type FoxList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Fox
}

func (*Oak) DeepCopyObject()     {}
func (*OakList) DeepCopyObject() {}
func (*Fox) DeepCopyObject()     {}
func (*FoxList) DeepCopyObject() {}
`

func TestObjectsOfKubebuilderNeedNoTags(t *testing.T) {
	api, problems := built(t, rootObjects, Options{RootObjects: true}, "./api/v1")
	if problems != "" {
		t.Fatal(problems)
	}
	version := api.Versions()[0]
	got := map[string][]any{}
	for _, typ := range version.Types {
		got[typ.Kind] = []any{typ.Resource, typ.Namespaced, typ.Has("updateStatus")}
	}
	want := map[string][]any{"Oak": {"oaks", true, true}, "Fox": {"foxes", false, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resource, namespaced, with status (-want +got):\n%s", diff)
	}
	if version.GroupVersionVar != "GroupVersion" || version.AddToScheme != "SchemeBuilder.AddToScheme" || version.HasResource {
		t.Errorf("generated code would call %s, %s, Resource %v", version.GroupVersionVar, version.AddToScheme, version.HasResource)
	}
}

func TestObjectsOfKubebuilderAreLeftAloneByDefault(t *testing.T) {
	if api, problems := built(t, rootObjects, Options{SkipEmpty: true}, "./..."); len(api.Groups) > 0 || problems == "" {
		t.Errorf("%d groups, problems %q", len(api.Groups), problems)
	}
}

func TestForLeavesOutVersionsThatOptOut(t *testing.T) {
	api := &API{Groups: []*Group{
		{Dir: "a", Versions: []*Version{{Name: "v1", off: map[string]bool{"lister-gen": true}}, {Name: "v2"}}},
		{Dir: "b", Versions: []*Version{{Name: "v1", off: map[string]bool{"lister-gen": true, "client-gen": false}}}},
	}}
	names := func(api *API) (names []string) {
		for _, group := range api.Groups {
			for _, version := range group.Versions {
				names = append(names, group.Dir+"/"+version.Name)
			}
		}
		return names
	}
	if diff := cmp.Diff([]string{"a/v2"}, names(api.For("lister-gen"))); diff != "" {
		t.Errorf("listers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a/v1", "a/v2", "b/v1"}, names(api.For("client-gen"))); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
	if len(api.Groups[0].Versions) != 2 {
		t.Error("the API itself was changed")
	}
}
