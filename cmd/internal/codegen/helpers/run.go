package helpers

import (
	"context"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/gengo/v2/parser"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/parallel"
	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// run is what the generators with one build tag have in common: the load, and what it says.
type run struct {
	Options
	buildTag string
	world    *universe.World
	tags     inputTags
}

// load loads what the generators need. It reports mistakes in types before any generator stumbles over them.
func (r *run) load(ctx context.Context, problems *diag.Problems) error {
	loader := universe.Loader{Dir: r.Dir, BuildTag: r.buildTag}
	var err error
	r.world, err = loader.Load(ctx, r.Packages, r.mentions, problems)
	if err != nil {
		return err
	}
	if r.isActive(Deepcopy) {
		r.checkDeepcopy(problems)
	}
	if r.isActive(Defaulter) {
		r.checkDefaults(problems)
	}
	return nil
}

// mentions reads the tags of the input, and returns the packages that the active generators look into.
func (r *run) mentions(inputs []*universe.Package) []universe.Mention {
	r.tags = readTags(inputs)
	var mentions []universe.Mention
	mentionAll := func(patterns []string) {
		for _, pattern := range patterns {
			mentions = append(mentions, universe.Mention{Pattern: pattern})
		}
	}
	for _, g := range All() {
		if !r.isActive(g) {
			continue
		}
		mentions = append(mentions, r.tags.mentions[g]...)
		switch g {
		case Conversion:
			mentionAll(r.basePeers())
			mentionAll(r.ExtraPeers)
		case Defaulter:
			mentionAll(r.ExtraPeers)
			for _, p := range inputs {
				mentions = append(mentions, defaultMentions(p)...)
			}
		}
	}
	return mentions
}

// isActive reports whether a generator was asked for, has the build tag of this run, and finds one of its tags.
func (r *run) isActive(g Generator) bool {
	return r.Generators[g] != "" && r.buildTagOf(g) == r.buildTag &&
		slices.ContainsFunc(upstreams(g).tags, func(tag string) bool { return r.tags.seen[tag] })
}

// generate runs the generators that are active.
func (r *run) generate(problems *diag.Problems) []*rawFile {
	newParser := r.parsers()
	process.Lock()
	defer process.Unlock()
	defer catchLogs()()
	var files []*rawFile
	for _, g := range All() {
		if !r.isActive(g) {
			continue
		}
		e := &execution{Generator: g, settings: r.settings(g), newParser: newParser, prepare: r.tags.apply}
		e.run()
		for _, failure := range e.failures {
			r.report(g, failure, problems)
		}
		files = append(files, e.files...)
	}
	return files
}

// parsers returns what makes a parser of the load. Each generator has one of its own, as in a process of its own.
func (r *run) parsers() func() (*parser.Parser, error) {
	if !r.Exact {
		parsers, err := r.world.Parsers(r.buildTag)
		if err == nil {
			return parsers.New
		}
		r.tags.warnings = append(r.tags.warnings, diag.Problem{
			Severity: diag.Warning, Code: diag.CannotLoad,
			Message: fmt.Sprintf("packages are loaded anew for each generator, which takes long: %v", err), Cure: "go get the version that kubewright requires",
		})
	}
	return func() (*parser.Parser, error) {
		p := parser.NewWithOptions(parser.Options{BuildTags: []string{r.buildTag}})
		return p, p.LoadPackages(r.Packages...)
	}
}

func (r *run) settings(g Generator) settings {
	s := settings{
		outputFile: r.Generators[g],
		buildTag:   r.buildTag,
		basePeers:  r.paths(r.basePeers()),
		extraPeers: r.paths(r.ExtraPeers),
		skipUnsafe: r.SkipUnsafe,
	}
	if s.headerFile = r.HeaderFile; s.headerFile != "" && !filepath.IsAbs(s.headerFile) {
		s.headerFile = filepath.Join(r.Dir, s.headerFile)
	}
	return s
}

// paths returns the import paths that patterns stand for.
func (r *run) paths(patterns []string) []string {
	var paths []string
	for _, pattern := range patterns {
		paths = append(paths, r.world.Paths(pattern)...)
	}
	return paths
}

// formatAll formats files, as many at a time as there are processors.
func formatAll(raw []*rawFile, problems *diag.Problems) []File {
	files, errs := make([]File, len(raw)), make([]error, len(raw))
	parallel.Do(len(raw), func(i int) {
		f := raw[i]
		files[i] = File{Generator: f.generator, Package: f.PackagePath, Path: f.path}
		files[i].Content, errs[i] = f.assemble()
	})
	for i, err := range errs {
		if err != nil {
			problems.Errorf(token.Position{}, diag.GeneratorFailed, "%s made code for package %s that is not Go: %v", raw[i].generator, raw[i].PackagePath, err)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}
