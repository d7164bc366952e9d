package codegen

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
)

// Places returns what decides about the result of a run, apart from packages outside of the patterns: absolute names, sorted.
func (r *Run) Places() snapshot.Places { return r.places(nil) }

// places returns what decides about the result of a run that has read the given directories.
func (r *Run) places(read []string) snapshot.Places {
	places := snapshot.Places{Files: moduleFiles("."), Dirs: read}
	if r.HeaderFile != "" {
		places.Files = append(places.Files, r.HeaderFile)
	}
	for _, generator := range r.Generators {
		places.Trees = append(places.Trees, generator.OutputDir)
		if generator.Reads != "" {
			places.Files = append(places.Files, generator.Reads)
		}
		places.Files = append(places.Files, moduleFiles(generator.OutputDir)...)
	}
	for _, pattern := range r.Patterns {
		root, _, wild := strings.Cut(pattern, "...")
		switch {
		case !wild:
		case isDirectory(pattern):
			// "./apis/v..." starts in ./apis.
			if !strings.HasSuffix(root, "/") {
				root = filepath.Dir(root)
			}
			places.Trees = append(places.Trees, filepath.Clean(root))
		default:
			// A new package anywhere in the modules of those that were found could match, too.
			for _, dir := range read {
				if module, err := output.ModuleOf(dir); err == nil && !strings.Contains(filepath.Base(module.Dir), "@") {
					places.Trees = append(places.Trees, module.Dir)
				}
			}
		}
	}
	for _, list := range []*[]string{&places.Files, &places.Dirs, &places.Trees} {
		for i, name := range *list {
			if abs, err := filepath.Abs(name); err == nil {
				(*list)[i] = abs
			}
		}
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return places
}

// moduleFiles returns the files that tell the go command, started in a directory, where packages come from. They need not
// be there.
func moduleFiles(dir string) []string {
	var files []string
	if module, err := output.ModuleOf(dir); err == nil {
		for _, name := range []string{"go.mod", "go.sum", "vendor/modules.txt"} {
			files = append(files, filepath.Join(module.Dir, name))
		}
	}
	if work := os.Getenv("GOWORK"); work != "" {
		return append(files, work)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return files
	}
	for {
		files = append(files, filepath.Join(dir, "go.work"))
		if dir == filepath.Dir(dir) {
			return files
		}
		dir = filepath.Dir(dir)
	}
}
