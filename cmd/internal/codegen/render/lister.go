package render

import (
	"fmt"
	"path"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// Lister renders the listers of each version.
func Lister(api *model.API, settings Settings) (Files, error) {
	api = api.For("lister-gen")
	r := &renderer{Settings: settings}
	var files []file
	for _, version := range api.Versions() {
		files = append(files, r.versionListers(version)...)
	}
	return r.render(files)
}

// listerDir is the directory of the listers of a version, below the output directory of lister-gen.
func listerDir(version *model.Version) string {
	return path.Join(strings.ToLower(version.Group.Dir), strings.ToLower(version.Name))
}

// versionListers returns the files with the listers of one version: none if no type has one.
func (r *renderer) versionListers(version *model.Version) []file {
	types := version.Listed()
	if len(types) == 0 {
		return nil
	}
	dir := listerDir(version)
	expansions := listerExpansions{Version: version}
	var reserved []string
	for _, typ := range types {
		reserved = append(reserved, typ.Var+"Lister", typ.Var+"NamespaceLister")
		if !r.HandWritten(path.Join(dir, typ.Singular+"_expansion.go")) {
			expansions.Types = append(expansions.Types, typ)
		}
	}
	files := []file{{
		path: path.Join(dir, "expansion_generated.go"), template: "lister_expansion", packageName: version.Package, data: expansions,
		doc: fmt.Sprintf("Package %s has the listers of API group %s, version %s: typed reading of the caches that informers fill.", version.Package, groupTitle(version.Group), version.Name),
	}}
	for _, typ := range types {
		files = append(files, file{path: path.Join(dir, typ.File+".go"), template: "lister_type", packageName: version.Package, reserved: reserved, data: typ})
	}
	return files
}

// listerExpansions is the data of the template lister_expansion.
type listerExpansions struct {
	Version *model.Version
	// Types are those whose expansion interfaces are generated.
	Types []*model.Type
}
