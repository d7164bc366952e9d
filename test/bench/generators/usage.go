package generators

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Usage is what it took to run one process, or several one after the other.
type Usage struct {
	Wall time.Duration
	// CPU is user and system time, that of the processes included that they have started.
	CPU time.Duration
	// Peak is the resident memory, in bytes, of the one process that had most of it, whoever started it.
	Peak int64
}

// then returns what it took to run both, one after the other.
func (u Usage) then(next Usage) Usage {
	return Usage{Wall: u.Wall + next.Wall, CPU: u.CPU + next.CPU, Peak: max(u.Peak, next.Peak)}
}

// run runs a program in a directory, with more variables in its environment, and returns what that took. The peak of a process
// begins with the memory of the one that starts it, which is this one, and small.
func run(ctx context.Context, dir string, environment []string, command ...string) (Usage, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), environment...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	started := time.Now()
	err := cmd.Run()
	wall := time.Since(started)
	if err != nil {
		return Usage{}, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, &out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return Usage{}, fmt.Errorf("the system does not say what a process has used")
	}
	return Usage{
		Wall: wall,
		CPU:  cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		Peak: usage.Maxrss << 10,
	}, nil
}
