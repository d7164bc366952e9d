package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// grace is how long a command may take to end after a signal before it gets the next,
// stronger one.
const grace = 10 * time.Second

// runCommand runs a command to its end and returns its exit code. Signals are passed on
// to it.
func runCommand(command []string, dir, kubeconfig string, signals <-chan os.Signal) (code int, err error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "KUBECONFIG="+kubeconfig)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	group := newCommandGroup(cmd)
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("run the command: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			return exitCode(err)
		case s := <-signals:
			group.pass(s)
			select {
			case err := <-ended:
				return exitCode(err)
			case <-signals: // the user has no patience
			case <-time.After(grace):
			}
			group.kill()
		}
	}
}

// exitCode translates how a command ended into an exit code as a shell does.
func exitCode(err error) (int, error) {
	exit, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return 0, nil
	case !ok:
		return 1, fmt.Errorf("run the command: %w", err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
