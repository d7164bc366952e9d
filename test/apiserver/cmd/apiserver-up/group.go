package main

import (
	"os"
	"os/exec"
	"syscall"
)

// commandGroup is a command with the processes that it starts in its turn, such as the
// program that "go run" runs.
type commandGroup struct {
	cmd *exec.Cmd
	own bool // the command leads a process group of its own
}

// newCommandGroup prepares cmd. In a terminal the command must stay in our process
// group: it could not read the terminal from another, and Ctrl-C reaches it by itself.
// Without a terminal it gets a group, so that a signal can be passed to all of it.
func newCommandGroup(cmd *exec.Cmd) *commandGroup {
	tty, err := os.Open("/dev/tty") // opens only when there is a controlling terminal
	if err == nil {
		tty.Close()
		return &commandGroup{cmd: cmd}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &commandGroup{cmd: cmd, own: true}
}

// pass gives the command a signal that we got, unless the terminal has given it.
func (g *commandGroup) pass(s os.Signal) {
	switch {
	case g.own:
		_ = syscall.Kill(-g.cmd.Process.Pid, s.(syscall.Signal)) // fails when all have ended
	case s != os.Interrupt:
		_ = g.cmd.Process.Signal(s) // fails when it has ended
	}
}

func (g *commandGroup) kill() {
	if g.own {
		_ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
		return
	}
	_ = g.cmd.Process.Kill()
}
