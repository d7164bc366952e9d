package exec

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/kubewright/kubewright/pkg/metrics"
)

const (
	maxOutputBytes = 1 << 20  // of standard output
	maxErrorBytes  = 64 << 10 // of standard error

	// waitDelay is how long the output of a plugin that has ended, or was killed, may be held open by what it started.
	waitDelay = 2 * time.Second
)

// execute runs the program at path and returns its standard output. prepare may change what is run.
func (p *plugin) execute(ctx context.Context, path string, env []string, timeout time.Duration, prepare func(*exec.Cmd)) ([]byte, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	limited, cancelLimited := context.WithTimeout(ctx, timeout)
	defer cancelLimited()
	stdout := &boundedBuffer{limit: maxOutputBytes, full: cancel}
	stderr := &lineWriter{w: p.stderr, left: maxErrorBytes}
	cmd := exec.CommandContext(limited, path, p.config.Args...)
	cmd.Args[0] = p.config.Command
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = waitDelay
	prepare(cmd)

	err := cmd.Run()
	stderr.flush()
	var exit *exec.ExitError
	switch {
	case stdout.overflown:
		err = fmt.Errorf("was stopped: it printed more than %d bytes, want an ExecCredential", maxOutputBytes)
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // it ended well; a program that it left behind held its output open
	case err == nil:
	case ctx.Err() != nil:
		err = errors.New("was stopped: nobody waits for it any more")
	case limited.Err() != nil:
		err = fmt.Errorf("was stopped: it gave no answer in %v", timeout)
	case errors.As(err, &exit):
		err = fmt.Errorf("failed (%v): see what it printed on standard error, or run it by hand", exit.ProcessState)
	default:
		err = fmt.Errorf("cannot be run: %w", err)
	}
	count(cmd, err)
	if err != nil {
		return nil, fmt.Errorf("exec plugin %q %w", p.config.Command, err)
	}
	return stdout.content, nil
}

// count tells the metrics of a run. The names of the outcomes are part of Kubernetes' metrics.
func count(cmd *exec.Cmd, err error) {
	switch {
	case err == nil:
		metrics.ExecPluginCalls.Increment(0, "noError")
	case cmd.ProcessState != nil:
		metrics.ExecPluginCalls.Increment(cmd.ProcessState.ExitCode(), "pluginExecutionError")
	default:
		metrics.ExecPluginCalls.Increment(1, "clientInternalError")
	}
}
