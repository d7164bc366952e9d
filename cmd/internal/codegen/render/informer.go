package render

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// InformerSettings are the settings of informer-gen.
type InformerSettings struct {
	Settings
	// ClientsetPackage and ListersPackage are the import paths of what client-gen and lister-gen made.
	ClientsetPackage string
	ListersPackage   string
	// Internal makes informers for internal versions, and for no others. ClientsetPackage is then a clientset of those.
	Internal bool
}

// Informer renders the informers of each version and the factory that shares them.
func Informer(api *model.API, settings InformerSettings) (Files, error) {
	api = api.For("informer-gen", "lister-gen", "client-gen").Select(func(version *model.Version) bool { return version.Internal == settings.Internal })
	r := &renderer{Settings: settings.Settings}
	all := &informers{InformerSettings: settings}
	for _, group := range api.Groups {
		g := informerGroup{informers: all, Group: group}
		for _, version := range group.Versions {
			if types := version.Informed(); len(types) > 0 {
				g.Versions = append(g.Versions, informerVersion{informers: all, Version: version, Types: types})
			}
		}
		if len(g.Versions) > 0 {
			all.Groups = append(all.Groups, g)
		}
	}

	factoryPackage := path.Base(settings.OutputPackage)
	files := []file{
		{
			path: "factory.go", template: "informer_factory", packageName: packageClause(factoryPackage),
			doc:  fmt.Sprintf("Package %s has informers that are shared: however many parts of a program ask the factory for the\ninformer of a type, the server sees one list and one watch.", packageClause(factoryPackage)),
			data: all, reserved: []string{"sharedInformerFactory", "genericInformer"},
		},
		{
			path: "generic.go", template: "informer_generic", packageName: packageClause(factoryPackage),
			data: all, reserved: []string{"sharedInformerFactory", "genericInformer"},
		},
		{
			path: "internalinterfaces/factory_interfaces.go", template: "informer_internalinterfaces", packageName: "internalinterfaces",
			doc:  "Package internalinterfaces has what the factory and the informers of all groups share.",
			data: all,
		},
	}
	for _, group := range all.Groups {
		files = append(files, file{
			path: path.Join(group.Dir, "interface.go"), template: "informer_group", packageName: group.Package, data: group,
			doc: fmt.Sprintf("Package %s has the informers of API group %s.", group.Package, groupTitle(group.Group)),
		})
		for _, version := range group.Versions {
			files = append(files, version.files()...)
		}
	}
	return r.render(files)
}

// packageClause makes a package name of the last element of an import path.
func packageClause(element string) string {
	return strings.NewReplacer("-", "", ".", "").Replace(element)
}

// informers is the data of the templates informer_factory, informer_generic and informer_internalinterfaces.
type informers struct {
	InformerSettings
	Groups []informerGroup
}

// ByName returns the versions sorted by the name of their group, for lookups by resource.
func (i *informers) ByName() []informerVersion {
	var versions []informerVersion
	for _, group := range i.Groups {
		versions = append(versions, group.Versions...)
	}
	slices.SortStableFunc(versions, func(a, b informerVersion) int { return strings.Compare(a.Group.Name, b.Group.Name) })
	return versions
}

// InternalInterfaces is the import path of package internalinterfaces.
func (i *informers) InternalInterfaces() string {
	return path.Join(i.OutputPackage, "internalinterfaces")
}

// ClientsetName is the preferred name of the package of the clientset.
func (i *informers) ClientsetName() string {
	return packageClause(path.Base(i.ClientsetPackage))
}

// GroupPackage is the import path of the informers of a group.
func (i *informers) GroupPackage(group *model.Group) string {
	return path.Join(i.OutputPackage, group.Dir)
}

// informerGroup is the data of the template informer_group: a group with the versions that have informers.
type informerGroup struct {
	*informers
	*model.Group
	Versions []informerVersion
}

// VersionPackage is the import path of the informers of a version.
func (g informerGroup) VersionPackage(version informerVersion) string {
	return path.Join(g.GroupPackage(g.Group), version.Name)
}

// informerVersion is the data of the template informer_version: a version with the types that have informers.
type informerVersion struct {
	*informers
	*model.Version
	Types []*model.Type
}

// files returns the files of the version's informers.
func (v informerVersion) files() []file {
	dir := path.Join(v.Group.Dir, v.Name)
	var reserved []string
	for _, typ := range v.Types {
		reserved = append(reserved, typ.Var+"Informer", "typed"+typ.Kind+"Informer")
	}
	files := []file{{
		path: path.Join(dir, "interface.go"), template: "informer_version", packageName: v.Package, data: v, reserved: reserved,
		doc: fmt.Sprintf("Package %s has the informers of API group %s, version %s.", v.Package, groupTitle(v.Group), v.Name),
	}}
	for _, typ := range v.Types {
		files = append(files, file{
			path: path.Join(dir, typ.File+".go"), template: "informer_type", packageName: v.Package, reserved: reserved,
			data: typeInformer{informers: v.informers, Type: typ},
		})
	}
	return files
}

// typeInformer is the data of the template informer_type.
type typeInformer struct {
	*informers
	*model.Type
}

// ListersPath is the import path of the listers of the type's version.
func (t typeInformer) ListersPath() string {
	return path.Join(t.ListersPackage, listerDir(t.Version))
}
