package generators

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// thisModule is the module of this package, and module that of the input.
	thisModule = "github.com/kubewright/kubewright/test/bench"
	module     = "example.test/cases"
)

// Input is API types, and how each side is told to generate for them.
type Input struct {
	Name string
	// source is a directory with packages to copy into the module, or "" if the types are in another module.
	source string
	// patterns are the packages with the types.
	patterns []string
	// ours and theirs return the commands of the sides for a module in a directory, each a program and its arguments.
	ours, theirs func(dir string) [][]string
}

// KubernetesAPI is all of k8s.io/api for which there are clients: clientset, fakes, listers, informers and apply
// configurations. Code-generator's programs get the flags that client-go's clients are made with, and kubewright those that
// make the same. Two things are left out: apply configurations for apimachinery's meta/v1, which both runtimes have, and the
// OpenAPI description, without which code-generator does less: kubewright makes its schema of the types.
func KubernetesAPI(ctx context.Context) (Input, error) {
	const api = "k8s.io/api"
	dir, err := output(ctx, "go", "list", "-m", "-f", "{{.Dir}}", api)
	if err != nil {
		return Input{}, err
	}
	versions, err := tagged(dir, "+genclient")
	if err != nil {
		return Input{}, err
	}
	packages := prefixed(api+"/", versions)
	plurals := []string{"--plural-exceptions", "Endpoints:Endpoints"}
	return Input{
		Name:     "k8s.io-api",
		patterns: packages,
		ours: func(string) [][]string {
			return [][]string{slices.Concat([]string{
				"kubewright", "generate", "--go-header-file", headerFile, "--clientset-name", ".", "--versioned-name", "kubernetes",
				"--applyconfig-name", "applyconfigurations", "--single-directory", "--prefers-protobuf",
			}, plurals, packages)}
		},
		theirs: func(string) [][]string {
			return [][]string{
				command("applyconfiguration-gen", "applyconfigurations", packages),
				command("client-gen", "", plurals, []string{
					"--clientset-name", "kubernetes", "--input-base", api, "--input", strings.Join(versions, ","), "--prefers-protobuf",
					"--apply-configuration-package", generatedPackage("applyconfigurations"),
				}),
				command("lister-gen", "listers", plurals, packages),
				command("informer-gen", "informers", plurals, []string{
					"--single-directory", "--versioned-clientset-package", generatedPackage("kubernetes"), "--listers-package", generatedPackage("listers"),
				}, packages),
			}
		},
	}, nil
}

// Project is a project with custom resources: a directory with API types below apis/<group>/<version>. Code-generator's
// programs get the flags that kube_codegen.sh passes, and the packages that have the tags it looks for; kubewright gets none.
func Project(name, source string) (Input, error) {
	copied := map[string][]string{}
	for _, tag := range []string{"+k8s:deepcopy-gen", "+groupName", "+genclient"} {
		dirs, err := tagged(source, tag)
		if err != nil {
			return Input{}, err
		}
		copied[tag] = prefixed("./"+filepath.Base(source)+"/", dirs)
	}
	packages := copied["+genclient"]
	return Input{
		Name:     name,
		source:   source,
		patterns: packages,
		ours: func(string) [][]string {
			return [][]string{{"kubewright", "generate", "--go-header-file", headerFile}}
		},
		theirs: func(dir string) [][]string {
			header := []string{"--go-header-file", headerFile}
			var input []string
			for _, pkg := range packages {
				input = append(input, path.Join(path.Base(path.Dir(pkg)), path.Base(pkg)))
			}
			return [][]string{
				slices.Concat([]string{"deepcopy-gen", "--output-file", "zz_generated.deepcopy.go"}, header, copied["+k8s:deepcopy-gen"]),
				slices.Concat([]string{"register-gen", "--output-file", "zz_generated.register.go"}, header, copied["+groupName"]),
				command("applyconfiguration-gen", "applyconfiguration", packages),
				command("client-gen", "clientset", []string{
					"--clientset-name", "versioned", "--input-base", filepath.Join(dir, path.Dir(path.Dir(packages[0]))), "--input", strings.Join(input, ","),
					"--apply-configuration-package", generatedPackage("applyconfiguration"),
				}),
				command("lister-gen", "listers", packages),
				command("informer-gen", "informers", []string{
					"--versioned-clientset-package", generatedPackage("clientset/versioned"), "--listers-package", generatedPackage("listers"),
				}, packages),
			}
		},
	}, nil
}

// Fleet is a project of four groups, with types that have every kind of method, embedded structs, and parts in a package
// without clients.
func Fleet(ctx context.Context) (Input, error) {
	here, err := output(ctx, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return Input{}, err
	}
	return Project("project", filepath.Join(here, "../codegen/testdata/src/fleet"))
}

// command returns a command of code-generator that writes below the output directory.
func command(generator, below string, arguments ...[]string) []string {
	return slices.Concat([]string{
		generator, "--go-header-file", headerFile, "--output-dir", path.Join(generatedDir, below), "--output-pkg", generatedPackage(below),
	}, slices.Concat(arguments...))
}

// generatedPackage returns the import path of a directory below the output directory.
func generatedPackage(below string) string { return path.Join(module, generatedDir, below) }

// tagged returns the directories below root with a Go file that has a tag, sorted and relative to root.
func tagged(root, tag string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(content, []byte("// "+tag)) {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err == nil && !slices.Contains(dirs, filepath.ToSlash(dir)) {
			dirs = append(dirs, filepath.ToSlash(dir))
		}
		return err
	})
	slices.Sort(dirs)
	return dirs, err
}

func prefixed(prefix string, names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, prefix+name)
	}
	return all
}
