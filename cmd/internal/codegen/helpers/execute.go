package helpers

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"k8s.io/gengo/v2/generator"
	"k8s.io/gengo/v2/parser"
	"k8s.io/gengo/v2/types"
)

// process guards what upstream's code keeps in the process: the built-in types of gengo, and klog, which it ends the process
// with.
var process sync.Mutex

// execution is one run of one generator.
type execution struct {
	Generator
	settings settings
	// newParser makes a parser of the load, and prepare changes what the generator sees of it.
	newParser func() (*parser.Parser, error)
	prepare   func(types.Universe)

	files    []*rawFile
	failures []failure
	// target and at are the package and the type for which code is being made.
	target generator.Target
	at     *types.Type
	// input is the only package that the generator was asked about, or "".
	input string
	// failed are types that code could not be made for.
	failed map[types.Name]bool
}

// failure is what a generator could not do.
type failure struct {
	// packagePath and at are what it was about, if it had come as far as that.
	packagePath string
	at          *types.Type
	message     string
}

// run runs the generator with all packages that the parser was asked for. The caller holds process.
//
// Generators stop at the first thing that they cannot do. To find all such things, a package is tried again without the
// type that failed, and after a failure of all packages together each is tried alone, unless that tells nothing more.
func (e *execution) run() {
	e.failed = map[types.Name]bool{}
	c, targets := e.targets(nil)
	if len(e.failures) > 0 && c != nil && len(c.Inputs) > 1 {
		together := e.failures
		e.failures = nil
		for _, input := range c.Inputs {
			e.targets([]string{input})
		}
		differs := func(f failure) bool { return f.message != together[0].message }
		if len(e.failures) == 0 || len(e.failures) == len(c.Inputs) && !slices.ContainsFunc(e.failures, differs) {
			e.failures = together
		}
	}
	for _, target := range targets {
		e.target = target
		for again := true; again; {
			before := len(e.failures)
			e.at = nil
			e.guard(func() error { return c.ExecuteTarget(watchedTarget{target, e}) })
			again = len(e.failures) > before && e.at != nil && !e.failed[e.at.Name]
			if again {
				e.failed[e.at.Name] = true
			}
		}
	}
}

// targets asks the generator what to make for the inputs; nil is all.
func (e *execution) targets(inputs []string) (c *generator.Context, targets []generator.Target) {
	u := upstreams(e.Generator)
	e.input = ""
	if len(inputs) == 1 {
		e.input = inputs[0]
	}
	e.guard(func() error {
		p, err := e.newParser()
		if err != nil {
			return err
		}
		if c, err = generator.NewContext(p, u.nameSystems(), u.ordering()); err != nil {
			return err
		}
		if inputs != nil {
			c.Inputs = inputs
		}
		e.prepare(c.Universe)
		c.FileTypes = map[string]generator.FileType{generator.GoFileType: e}
		targets = u.targets(c, e.settings)
		return nil
	})
	return c, targets
}

// guard runs a step of upstream's code. Errors, panics and attempts to end the process become failures.
func (e *execution) guard(step func() error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case fatal:
			e.fail(r.message)
		default:
			e.fail(fmt.Sprint(r))
		}
	}()
	if err := step(); err != nil {
		e.fail(err.Error())
	}
}

func (e *execution) fail(message string) {
	f := failure{packagePath: e.input, at: e.at, message: message}
	if e.target != nil {
		f.packagePath = e.target.Path()
	}
	e.failures = append(e.failures, f)
}

// AssembleFile keeps a file of a generator, to be formatted when all have run.
func (e *execution) AssembleFile(f *generator.File, path string) error {
	if e.target == nil {
		return errors.New("file without a target")
	}
	e.files = append(e.files, &rawFile{File: f, generator: e.Generator, path: path})
	return nil
}

// watchedTarget notes which types code is made for.
type watchedTarget struct {
	generator.Target
	execution *execution
}

func (t watchedTarget) Generators(c *generator.Context) []generator.Generator {
	generators := t.Target.Generators(c)
	for i, g := range generators {
		generators[i] = watchedGenerator{g, t.execution}
	}
	return generators
}

type watchedGenerator struct {
	generator.Generator
	execution *execution
}

func (g watchedGenerator) Filter(c *generator.Context, t *types.Type) bool {
	if g.execution.failed[t.Name] {
		return false
	}
	g.execution.at = t
	wanted := g.Generator.Filter(c, t)
	g.execution.at = nil
	return wanted
}

func (g watchedGenerator) GenerateType(c *generator.Context, t *types.Type, w io.Writer) error {
	g.execution.at = t
	if err := g.Generator.GenerateType(c, t, w); err != nil {
		return err
	}
	g.execution.at = nil
	return nil
}
