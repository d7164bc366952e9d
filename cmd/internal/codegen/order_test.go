package codegen_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/render"
)

// rendered makes all files of an API, by generator and path, as text.
func rendered(api *model.API) (map[string]string, error) {
	all := map[string]string{}
	settings := func(generator string) render.Settings {
		return render.Settings{
			Generator:     generator,
			OutputPackage: "example.com/out/" + generator,
			HandWritten:   func(string) bool { return false },
		}
	}
	for _, generator := range []struct {
		name   string
		render func(render.Settings) (render.Files, error)
	}{
		{"clients", func(s render.Settings) (render.Files, error) {
			return render.Client(api, render.ClientSettings{Settings: s, ClientsetName: "versioned", APIPath: "/apis"})
		}},
		{"listers", func(s render.Settings) (render.Files, error) { return render.Lister(api, s) }},
		{"informers", func(s render.Settings) (render.Files, error) {
			return render.Informer(api, render.InformerSettings{Settings: s, ClientsetPackage: "example.com/out/clients/versioned", ListersPackage: "example.com/out/listers"})
		}},
	} {
		files, err := generator.render(settings(generator.name))
		if err != nil {
			return nil, err
		}
		for name, content := range files {
			all[generator.name+"/"+name] = string(content)
		}
	}
	return all, nil
}

// TestOutputIsIndependentOfOrder builds and renders each golden case again and again, with its packages, files and types in
// another order each time.
func TestOutputIsIndependentOfOrder(t *testing.T) {
	for _, dir := range cases(t) {
		if strings.HasSuffix(dir, "-errors") || filepath.Base(dir) == "builtin" {
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			loader := &load.Loader{Dir: dir}
			var problems diag.Problems
			packages, err := loader.Load(t.Context(), &problems, "./...")
			if err != nil {
				t.Fatal(err)
			}
			options := model.Options{SkipEmpty: true, PluralExceptions: map[string]string{"Endpoints": "Endpoints"}, Load: loader.Load}
			var first map[string]string
			for seed := range uint64(4) {
				api, err := model.Build(t.Context(), packages, options, &problems)
				if err != nil {
					t.Fatal(err)
				}
				if err := problems.Err(); err != nil {
					t.Fatal(err)
				}
				files, err := rendered(api)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = files
				}
				if diff := cmp.Diff(first, files); diff != "" {
					t.Fatalf("%s\n(-as loaded +in another order):\n%s", fmt.Sprintf("seed %d", seed), diff)
				}
				shuffle(packages, rand.New(rand.NewPCG(seed, 0)))
			}
		})
	}
}

// shuffle changes the order of whatever is in an order that the directory gave it.
func shuffle(packages []*load.Package, r *rand.Rand) {
	r.Shuffle(len(packages), func(i, j int) { packages[i], packages[j] = packages[j], packages[i] })
	for _, pkg := range packages {
		r.Shuffle(len(pkg.Files), func(i, j int) { pkg.Files[i], pkg.Files[j] = pkg.Files[j], pkg.Files[i] })
		for _, file := range pkg.Files {
			r.Shuffle(len(file.Types), func(i, j int) { file.Types[i], file.Types[j] = file.Types[j], file.Types[i] })
		}
	}
}
