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
	// ApplyConfigurationPackage is the import path of the apply configurations of the types. If it is "", clients have no
	// methods that apply.
	ApplyConfigurationPackage string
	// Fakes makes fake clients, too.
	Fakes bool
}

// applies reports whether the clients of a version have methods that apply.
func (s ClientSettings) applies(version *model.Version) bool {
	return s.ApplyConfigurationPackage != "" && !version.OptsOut("applyconfiguration-gen")
}

// Client renders a clientset: the clientset itself, its scheme, the typed clients of each version, and fakes of all that.
func Client(api *model.API, settings ClientSettings) (Files, error) {
	api = api.For("client-gen")
	r := &renderer{Settings: settings.Settings}
	versions := api.Versions()
	set := clientset{
		Name:                      settings.ClientsetName,
		Package:                   path.Join(settings.OutputPackage, settings.ClientsetName),
		ApplyConfigurationPackage: settings.ApplyConfigurationPackage,
		Versions:                  versions,
		Custom:                    settings.HandWritten(path.Join(settings.ClientsetName, "scheme", "register_custom.go")),
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
	if settings.Fakes {
		files = append(files, fakeClientset(set)...)
		for _, version := range versions {
			files = append(files, fakeVersionClient(version, settings)...)
		}
	}
	return r.render(files)
}

// clientset is the data of the templates clientset and scheme, and of those of the fake clientset.
type clientset struct {
	Name                      string
	Package                   string
	ApplyConfigurationPackage string
	Versions                  []*model.Version
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
		for _, method := range methods(typ, settings) {
			sent := method.Input
			if method.Verb == "apply" {
				sent = method.Result // an apply configuration is no object of the scheme
			}
			for _, ref := range []model.TypeRef{sent, method.Result} {
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
			data:     newTypeClient(typ, settings),
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
	settings ClientSettings
	Methods  []method
}

func newTypeClient(typ *model.Type, settings ClientSettings) typeClient {
	return typeClient{Type: typ, settings: settings, Methods: methods(typ, settings)}
}

// PrefersProtobuf reports whether the client speaks protobuf where the configuration leaves it open.
func (c typeClient) PrefersProtobuf() bool { return c.settings.PrefersProtobuf }

// Has reports whether the client has the verb.
func (c typeClient) Has(verb string) bool {
	return c.Type.Has(verb) && (c.settings.applies(c.Version) || verb != "apply" && verb != "applyStatus")
}

// Applies reports whether the client has a verb that applies.
func (c typeClient) Applies() bool { return c.Has("apply") || c.Has("applyStatus") }

// Client is the name of the generic client that the typed client is made of.
func (c typeClient) Client() string {
	name := "Client"
	switch {
	case c.HasCollection() && c.Applies():
		name += "WithListAndApply"
	case c.HasCollection():
		name += "WithList"
	case c.Applies():
		name += "WithApply"
	}
	return name
}

// ApplyPackage is the import path of the type's apply configuration.
func (c typeClient) ApplyPackage() string {
	return c.settings.applyPackage(c.Version, c.Version.Path)
}

// ApplyAlias is the preferred import alias of ApplyPackage.
func (c typeClient) ApplyAlias() string { return applyAlias(c.ApplyPackage()) }

// builtinTypes are the packages of Kubernetes' own types, and builtinApplyConfigurations their apply configurations.
const (
	builtinTypes               = "k8s.io/api/"
	builtinApplyConfigurations = runtimeModule + "/generated/kubernetes/applyconfigurations"
)

// applyPackage returns the import path of the apply configurations of an API package that a version refers to: those of
// the built-in types are known, all others are where those of the version are.
func (s ClientSettings) applyPackage(version *model.Version, apiPath string) string {
	root := s.ApplyConfigurationPackage
	if strings.HasPrefix(apiPath, builtinTypes) && !strings.HasPrefix(version.Path, builtinTypes) {
		root = builtinApplyConfigurations
	}
	return path.Join(root, strings.ToLower(path.Base(path.Dir(apiPath))), strings.ToLower(path.Base(apiPath)))
}

// applyAlias returns the preferred import alias of a package of apply configurations.
func applyAlias(importPath string) string {
	return "apply" + packageClause(path.Base(path.Dir(importPath))) + packageClause(path.Base(importPath))
}

// method is a method of a typed client as the template needs it.
type method struct {
	*model.Method
	Type     *model.Type
	settings ClientSettings
	// Fake says that the method is one of a fake client.
	Fake bool
}

// methods returns the additional methods of a client.
func methods(typ *model.Type, settings ClientSettings) []method {
	var all []method
	for _, m := range typ.Methods {
		if m.Verb != "apply" || settings.applies(typ.Version) {
			all = append(all, method{Method: m, Type: typ, settings: settings})
		}
	}
	return all
}

// ApplyPackage is the import path of the apply configuration of the method's input.
func (m method) ApplyPackage() string {
	return m.settings.applyPackage(m.Type.Version, m.Input.Path)
}

// ApplyAlias is the preferred import alias of ApplyPackage.
func (m method) ApplyAlias() string { return applyAlias(m.ApplyPackage()) }

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
	for _, m := range typ.Methods {
		names[m.Input.Var] = true
		names[method{Method: m, Type: typ}.NameVar()] = true
	}
	return slices.Sorted(maps.Keys(names))
}
