package report

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Versions returns the versions of modules, each after its path. It needs the go command, and to run in this module.
func Versions(ctx context.Context, modules ...string) ([]string, error) {
	args := append([]string{"list", "-m", "-f", "{{.Path}} {{if .Replace}}of this tree{{else}}{{.Version}}{{end}}"}, modules...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%v: %w", cmd, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}

// Header says on what and of what the results are.
func Header(out io.Writer, machine, modules []string) {
	fmt.Fprintf(out, "%s, %d CPUs, %s, %s\n", strings.Join(machine, ", "), runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	fmt.Fprintf(out, "%s\n\n", strings.Join(modules, ", "))
}
