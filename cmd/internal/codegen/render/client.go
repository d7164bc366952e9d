package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// ClientSettings are the settings of client-gen.
type ClientSettings struct {
	Settings
	// ClientsetName is the name of the clientset's package and directory.
	ClientsetName string
	// APIPath is the URL path of all groups but the legacy core group: "/apis".
	APIPath string
	// PrefersProtobuf makes clients speak protobuf where the configuration leaves it open.
	PrefersProtobuf bool
}

// Client renders a clientset: the clientset itself, its scheme, and the typed clients of each version.
func Client(api *model.API, settings ClientSettings) (Files, error) {
	api = api.For("client-gen")
	r := &renderer{Settings: settings.Settings}
	versions := api.Versions()
	set := clientset{
		Name:     settings.ClientsetName,
		Package:  path.Join(settings.OutputPackage, settings.ClientsetName),
		Versions: versions,
		Custom:   settings.HandWritten(path.Join(settings.ClientsetName, "scheme", "register_custom.go")),
	}
	doc := fmt.Sprintf("Package %s has a clientset, which is one client for each version of each of these API groups:\n", set.Name)
	for _, version := range versions {
		doc += fmt.Sprintf("\n  - %s/%s", groupTitle(version.Group), version.Name)
	}
	files := []file{
		{path: path.Join(set.Name, "clientset.go"), template: "clientset", packageName: set.Name, doc: doc, data: set},
		{
			path: path.Join(set.Name, "scheme", "doc.go"), template: "doc", packageName: "scheme",
			doc: fmt.Sprintf("Package scheme has a runtime.Scheme with all types of clientset %s, and codecs for them.\nThe clientset itself does not need it: each of its clients knows the types of its own group only.", set.Name),
		},
		{path: path.Join(set.Name, "scheme", "register.go"), template: "scheme", packageName: "scheme", reserved: []string{"localSchemeBuilder"}, data: set},
	}
	for _, version := range versions {
		files = append(files, r.versionClient(version, settings)...)
	}
	return r.render(files)
}

// clientset is the data of the templates clientset and scheme.
type clientset struct {
	Name     string
	Package  string
	Versions []*model.Version
	// Custom says that a file register_custom.go, which is written by hand, adds more to the scheme.
	Custom bool
}

// External and Internal are the two sorts of versions.
func (c clientset) External() []*model.Version { return c.versions(false) }

// Internal are the versions that are never sent.
func (c clientset) Internal() []*model.Version { return c.versions(true) }

func (c clientset) versions(internal bool) []*model.Version {
	return slices.DeleteFunc(slices.Clone(c.Versions), func(version *model.Version) bool { return version.Internal != internal })
}

// TypedPackage returns the import path of the typed clients of a version.
func (c clientset) TypedPackage(version *model.Version) string {
	return path.Join(c.Package, typedDir(version))
}

// typedDir is the directory of the typed clients of a version, below that of the clientset.
func typedDir(version *model.Version) string {
	return path.Join("typed", strings.ToLower(version.Group.Dir), strings.ToLower(version.Name))
}

// groupTitle returns how documentation names a group.
func groupTitle(group *model.Group) string {
	if group.Name == "" {
		return "core"
	}
	return group.Name
}

// versionClient returns the files of the typed clients of one version.
func (r *renderer) versionClient(version *model.Version, settings ClientSettings) []file {
	dir := path.Join(settings.ClientsetName, typedDir(version))
	client := groupClient{Version: version, APIPath: settings.APIPath}
	if version.Group.Name == "" {
		client.APIPath = "/api"
	}
	var reserved []string
	for _, typ := range version.Types {
		reserved = append(reserved, typ.PluralVar, "new"+typ.Plural)
		for _, method := range methods(typ) {
			for _, ref := range []model.TypeRef{method.Input, method.Result} {
				if ref.Path != version.Path && !slices.ContainsFunc(client.Others, func(o model.TypeRef) bool { return o.Path == ref.Path }) {
					client.Others = append(client.Others, ref)
				}
			}
		}
		if !r.HandWritten(path.Join(dir, typ.Singular+"_expansion.go")) {
			client.Expansions = append(client.Expansions, typ.Kind)
		}
	}
	slices.SortFunc(client.Others, func(a, b model.TypeRef) int { return strings.Compare(a.Path, b.Path) })
	files := []file{
		{
			path: path.Join(dir, "doc.go"), template: "doc", packageName: version.Package,
			doc: fmt.Sprintf("Package %s has the clients of API group %s, version %s.", version.Package, groupTitle(version.Group), version.Name),
		},
		{path: path.Join(dir, version.ClientFile), template: "client_group", packageName: version.Package, reserved: reserved, data: client},
	}
	if len(client.Expansions) > 0 {
		files = append(files, file{path: path.Join(dir, "generated_expansion.go"), template: "client_expansion", packageName: version.Package, data: client})
	}
	for _, typ := range version.Types {
		files = append(files, file{
			path: path.Join(dir, typ.File+".go"), template: "client_type", packageName: version.Package,
			reserved: slices.Concat(reserved, variables(typ)),
			data:     typeClient{Type: typ, PrefersProtobuf: settings.PrefersProtobuf, Methods: methods(typ)},
		})
	}
	return files
}

// groupClient is the data of the templates client_group and client_expansion.
type groupClient struct {
	*model.Version
	APIPath string
	// Others has one type of each other package whose types the methods take or return.
	Others []model.TypeRef
	// Expansions are the kinds whose expansion interface is generated.
	Expansions []string
}

// typeClient is the data of the template client_type.
type typeClient struct {
	*model.Type
	PrefersProtobuf bool
	Methods         []method
}

// method is a method of a typed client as the template needs it.
type method struct {
	*model.Method
	Type *model.Type
}

// methods returns the methods of a client, without those that need apply configurations.
func methods(typ *model.Type) []method {
	var all []method
	for _, m := range typ.Methods {
		if m.Verb != "apply" {
			all = append(all, method{m, typ})
		}
	}
	return all
}

// NameVar is the parameter with the name of the object that has the subresource.
func (m method) NameVar() string {
	if name := strings.TrimSuffix(m.Type.Var, "_") + "Name"; name != m.Input.Var {
		return name
	}
	return "name"
}

// variables returns the names of parameters in a typed client.
func variables(typ *model.Type) []string {
	names := map[string]bool{typ.Var: true}
	for _, m := range methods(typ) {
		names[m.Input.Var] = true
		names[m.NameVar()] = true
	}
	return slices.Sorted(maps.Keys(names))
}
