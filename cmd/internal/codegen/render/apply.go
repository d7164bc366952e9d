package render

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/configs"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// ApplySettings are the settings of applyconfiguration-gen.
type ApplySettings struct {
	Settings
	// Schema is the text of the schema of all kinds.
	Schema string
}

// Apply renders apply configurations: one file for each, what finds them by kind, and the schema.
func Apply(set *configs.Set, settings ApplySettings) (Files, error) {
	r := &renderer{Settings: settings.Settings}
	name := packageClause(path.Base(settings.OutputPackage))
	all := applySet{Set: set, Internal: path.Join(settings.OutputPackage, "internal"), Schema: settings.Schema}
	files := []file{
		{
			path: "utils.go", template: "apply_utils", packageName: name, data: all, reserved: []string{"kind"},
			doc: fmt.Sprintf("Package %s has apply configurations: objects whose fields can all be absent, for server-side apply.\nWhat is absent is left to others.", name),
		},
		{
			path: "internal/internal.go", template: "apply_internal", packageName: "internal", data: all,
			doc: "Package internal has the schema of the types that apply configurations are for.",
		},
	}
	for _, pkg := range set.Packages {
		files = append(files, file{
			path: path.Join(pkg.Dir, "doc.go"), template: "doc", packageName: pkg.Name,
			doc: fmt.Sprintf("Package %s has the apply configurations of API group %s, version %s.", pkg.Name, pkg.Title(), pkg.Version),
		})
		for _, config := range pkg.Configs {
			files = append(files, file{
				path: path.Join(pkg.Dir, config.File+".go"), template: "apply_type", packageName: pkg.Name,
				reserved: []string{"b", "entries", "fieldManager", "subresource", "value", "values", config.Var()},
				data:     applyConfig{Config: config, Internal: all.Internal},
			})
		}
	}
	return r.render(files)
}

// applySet is the data of the templates apply_utils and apply_internal.
type applySet struct {
	*configs.Set
	// Internal is the import path of package internal.
	Internal string
	Schema   string
}

// Literal returns the schema as a literal of Go, which shows its lines if it can.
func (s applySet) Literal() string {
	if strings.Contains(s.Schema, "`") {
		return strconv.Quote(s.Schema)
	}
	return "`" + s.Schema + "`"
}

// applyConfig is the data of the template apply_type.
type applyConfig struct {
	*configs.Config
	Internal string
}

// docLines returns documentation as comment lines.
func docLines(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight("// "+line, " ") + "\n")
	}
	return b.String()
}

// goType returns the spelling of a type in a file of the given package.
func goType(t configs.GoType, i *imports, outputPackage string) string {
	var b strings.Builder
	for _, part := range t {
		switch part := part.(type) {
		case string:
			b.WriteString(part)
		case configs.Ref:
			if part.Path != outputPackage {
				b.WriteString(i.use(part.Path, aliasOf(part)) + ".")
			}
			b.WriteString(part.Name)
		}
	}
	return b.String()
}

// aliasOf returns the preferred import alias for the package of a type: the name of a library, or two elements of the path.
func aliasOf(ref configs.Ref) string {
	for name, importPath := range libraries {
		if importPath == ref.Path {
			return name
		}
	}
	if strings.HasSuffix(ref.Name, "ApplyConfiguration") {
		return model.Alias(ref.Path) + "ac"
	}
	return model.Alias(ref.Path)
}
