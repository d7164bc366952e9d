package codegen

import (
	"errors"
	"fmt"
	"go/token"
	"path"
	"path/filepath"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers"
	"github.com/kubewright/kubewright/cmd/internal/codegen/output"
)

// Project is all that is generated for the API packages of a module, laid out as kube_codegen.sh does:
//
//	<output dir>/clientset/versioned           the clientset, its fake in fake
//	<output dir>/applyconfiguration            apply configurations
//	<output dir>/listers                       listers
//	<output dir>/informers/externalversions    informers
//	zz_generated.*.go in the API packages      deep copies, registration, defaults, conversions
type Project struct {
	// Packages are patterns of the go command; those without API types are left out where a pattern has "...".
	Packages []string
	// Only names what is generated; empty is everything. The names are those of [Products].
	Only []string
	// OutputDir is where all directories are, and OutputPackage its import path. If they are empty, they are pkg/generated of
	// the module of the current directory, and what go.mod makes of that.
	OutputDir, OutputPackage string
	// ClientsetName is the directory that has the clientset, and VersionedName the clientset's package in it.
	ClientsetName, VersionedName string
	// ListersName, InformersName and ApplyName are the directories of listers, informers and apply configurations.
	ListersName, InformersName, ApplyName string
	// ApplyExternals and OpenAPISchema are those of [ApplyOptions].
	ApplyExternals []string
	OpenAPISchema  string
	// SingleDirectory leaves out the directory externalversions of the informers.
	SingleDirectory bool
	// ClientsetAPIPath is the URL path of API groups, and PrefersProtobuf makes clients speak protobuf where the
	// configuration leaves it open.
	ClientsetAPIPath string
	PrefersProtobuf  bool
	// ExtraPeers are patterns of packages with hand-written conversions and defaults.
	ExtraPeers []string
	// HeaderFile, Year and PluralExceptions are those of [Run].
	HeaderFile       string
	Year             int
	PluralExceptions []string
}

// The names of what can be generated.
const (
	productDeepcopy   = "deepcopy"
	productRegister   = "register"
	productDefaults   = "defaults"
	productConversion = "conversion"
	productApply      = "apply"
	productClient     = "client"
	productFake       = "fake"
	productLister     = "lister"
	productInformer   = "informer"
)

// Products are the names of what can be generated, in the order in which it is.
func Products() []string {
	return []string{
		productDeepcopy, productRegister, productDefaults, productConversion,
		productApply, productClient, productFake, productLister, productInformer,
	}
}

// inPackageProducts are those that are made inside API packages, with their generators and their files.
var inPackageProducts = map[string]struct {
	generator helpers.Generator
	file      string
}{
	productDeepcopy:   {helpers.Deepcopy, "zz_generated.deepcopy.go"},
	productRegister:   {helpers.Register, "zz_generated.register.go"},
	productDefaults:   {helpers.Defaulter, "zz_generated.defaults.go"},
	productConversion: {helpers.Conversion, "zz_generated.conversion.go"},
}

// Run returns the run that makes everything of the project.
func (p Project) Run() (*Run, error) {
	if err := p.complete(); err != nil {
		return nil, err
	}
	clientsetDir, clientsetPackage := p.place(p.ClientsetName)
	listersDir, listersPackage := p.place(p.ListersName)
	informersDir, informersPackage := p.place(p.InformersName)
	run := &Run{Patterns: p.Packages, HeaderFile: p.HeaderFile, Year: p.Year, PluralExceptions: p.PluralExceptions, RootObjects: true}
	run.InPackage = InPackage{Generators: map[helpers.Generator]string{}, ExtraPeers: p.ExtraPeers}
	for product, inPackage := range inPackageProducts {
		if p.wants(product) {
			run.InPackage.Generators[inPackage.generator] = inPackage.file
		}
	}
	applyDir, applyPackage := p.place(p.ApplyName)
	if p.wants(productApply) {
		generator, err := Apply(ApplyOptions{
			Options:       Options{OutputDir: applyDir, OutputPackage: applyPackage},
			Externals:     p.ApplyExternals,
			OpenAPISchema: p.OpenAPISchema,
		})
		if err != nil {
			return nil, err
		}
		run.Generators = append(run.Generators, generator)
	} else {
		applyPackage = ""
	}
	if p.wants(productClient) {
		run.Generators = append(run.Generators, Client(ClientOptions{
			Options:          Options{OutputDir: clientsetDir, OutputPackage: clientsetPackage},
			ClientsetName:    p.VersionedName,
			ClientsetAPIPath: p.ClientsetAPIPath,
			PrefersProtobuf:  p.PrefersProtobuf,
			Fakes:            p.wants(productFake),

			ApplyConfigurationPackage: applyPackage,
		}))
	}
	if p.wants(productLister) {
		run.Generators = append(run.Generators, Lister(ListerOptions{
			Options: Options{OutputDir: listersDir, OutputPackage: listersPackage},
		}))
	}
	if p.wants(productInformer) {
		run.Generators = append(run.Generators, Informer(InformerOptions{
			Options:          Options{OutputDir: informersDir, OutputPackage: informersPackage},
			ClientsetPackage: path.Join(clientsetPackage, p.VersionedName),
			ListersPackage:   listersPackage,
			SingleDirectory:  p.SingleDirectory,
		}))
	}
	return run, nil
}

// complete checks the settings and sets those that can be inferred.
func (p *Project) complete() error {
	for _, name := range p.Only {
		if !slices.Contains(Products(), name) {
			var problem diag.Problem
			problem.Message = fmt.Sprintf("--only=%s: there is nothing of that name", name)
			problem.Suggest(name, "names are", Products())
			return UsageErrorf("%s", problem.Text())
		}
	}
	if !p.wants(productClient) && p.wants(productFake) {
		return UsageErrorf("--only=%s without %s: fakes are part of the clientset (write --only=%s,%s)", productFake, productClient, productClient, productFake)
	}
	if !token.IsIdentifier(p.VersionedName) {
		return UsageErrorf("--versioned-name=%s is not a package name (write, for example, --versioned-name=versioned)", p.VersionedName)
	}
	for _, directory := range []struct{ flag, name string }{
		{"clientset", p.ClientsetName}, {"listers", p.ListersName}, {"informers", p.InformersName}, {"applyconfig", p.ApplyName},
	} {
		if !filepath.IsLocal(filepath.FromSlash(directory.name)) {
			return UsageErrorf("--%[1]s-name=%[2]s is not a directory below --output-dir (write, for example, --%[1]s-name=%[1]s)", directory.flag, directory.name)
		}
	}
	if p.OutputDir == "" {
		module, err := output.ModuleOf(".")
		if err != nil {
			return UsageErrorf("%v (start in the module that has the API types, or write --output-dir and --output-pkg)", err)
		}
		if p.OutputDir, err = relative(filepath.Join(module.Dir, "pkg", "generated")); err != nil {
			return err
		}
	}
	if p.OutputPackage == "" {
		var err error
		if p.OutputPackage, err = output.PackageOf(p.OutputDir); errors.Is(err, output.ErrNoModule) {
			return UsageErrorf("%v (write --output-pkg with its import path)", err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (p *Project) wants(product string) bool {
	return len(p.Only) == 0 || slices.Contains(p.Only, product)
}

// place returns the directory and the import path of a name below the output directory.
func (p *Project) place(name string) (dir, importPath string) {
	return filepath.Join(p.OutputDir, filepath.FromSlash(name)), path.Join(p.OutputPackage, name)
}

// relative returns an absolute name as seen from the current directory.
func relative(name string) (string, error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	return filepath.Rel(here, name)
}
