// Package size builds two programs that get a ConfigMap, one on Kubewright and one on client-go, and says how large they are.
package size

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const module = "github.com/kubewright/kubewright/test/bench"

// Sizes are the sizes of the programs in bytes.
type Sizes struct{ Kubewright, ClientGo int64 }

// Ratio is how large Kubewright's program is, in sizes of client-go's.
func (s Sizes) Ratio() float64 { return float64(s.Kubewright) / float64(s.ClientGo) }

func (s Sizes) String() string {
	return fmt.Sprintf("kubewright %.1f MB, client-go %.1f MB, ratio %.2f", float64(s.Kubewright)/1e6, float64(s.ClientGo)/1e6, s.Ratio())
}

// Measure builds the programs into dir, the same way and stripped. It needs the go command, and to run in this module.
func Measure(ctx context.Context, dir string) (Sizes, error) {
	ours, err := build(ctx, dir, "kubewright")
	if err != nil {
		return Sizes{}, err
	}
	theirs, err := build(ctx, dir, "client-go")
	return Sizes{Kubewright: ours, ClientGo: theirs}, err
}

func build(ctx context.Context, dir, program string) (int64, error) {
	file := filepath.Join(dir, program)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, module+"/size/"+program)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%v: %w\n%s", cmd, err, out)
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
