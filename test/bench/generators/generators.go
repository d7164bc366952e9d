// Package generators measures kubewright beside code-generator's programs. Both are built first, and run as whole processes in
// modules of their own that have the same API types:
//
//	                ┌─▶ kubewright generate ─────────────────────────────────┐
//	types, go.mod ──┤                                                        ├──▶ zz_generated.*.go, pkg/generated
//	                └─▶ deepcopy-gen ─▶ register-gen ─▶ ... ─▶ informer-gen ─┘
//
// A cold run finds no output and an empty cache of kubewright; what the go command caches is warm for both. An unchanged
// run is the same again, right after it.
package generators

import (
	"context"
	"os"
	"path/filepath"
	"slices"
)

// The two sides that are compared.
const (
	Kubewright    = "kubewright"
	CodeGenerator = "code-generator"
)

// The two states in which a side is run.
const (
	Cold      = "cold"
	Unchanged = "unchanged"
)

// Result is what one run of one side took.
type Result struct {
	Input, State, Side string
	Usage
	// Files is how many files there are afterwards that the side has made.
	Files int
}

// Measure runs both sides on each input, cold and unchanged, count times. They take turns, and change their order from round
// to round, so that what else goes on in the machine hits both alike. All files are below dir. It needs the go command, and
// to run in this module.
func Measure(ctx context.Context, dir string, inputs []Input, count int) ([]Result, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	programs := filepath.Join(dir, "programs")
	if err := build(ctx, programs); err != nil {
		return nil, err
	}
	var all [][]side
	for _, input := range inputs {
		var sides []side
		for _, name := range []string{Kubewright, CodeGenerator} {
			side, err := newSide(ctx, filepath.Join(dir, input.Name, name), programs, input, name)
			if err != nil {
				return nil, err
			}
			if err := side.warm(ctx); err != nil {
				return nil, err
			}
			sides = append(sides, side)
		}
		all = append(all, sides)
	}
	var results []Result
	for range count {
		for _, sides := range all {
			for _, side := range sides {
				two, err := side.measure(ctx)
				if err != nil {
					return nil, err
				}
				results = append(results, two...)
			}
			slices.Reverse(sides)
		}
	}
	return results, nil
}

// build builds the programs of both sides.
func build(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	args := []string{"go", "build", "-o", dir, "github.com/kubewright/kubewright/cmd/kubewright"}
	for _, name := range []string{"deepcopy-gen", "register-gen", "applyconfiguration-gen", "client-gen", "lister-gen", "informer-gen"} {
		args = append(args, "k8s.io/code-generator/cmd/"+name)
	}
	_, err := run(ctx, "", nil, args...)
	return err
}
