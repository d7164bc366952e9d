package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// mainEnv makes the test binary the command.
const mainEnv = "KUBEWRIGHT_TEST_APISERVER_UP"

func TestMain(m *testing.M) {
	if os.Getenv(mainEnv) != "" {
		main()
	}
	goleak.VerifyTestMain(m)
}

// program returns the command with a temporary directory of its own, and that directory.
// It has no controlling terminal, wherever the tests run.
func program(t *testing.T, args ...string) (cmd *exec.Cmd, temp string) {
	t.Helper()
	temp = t.TempDir()
	cmd = exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), mainEnv+"=1", "TMPDIR="+temp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd, temp
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left in %s: %v %v", dir, entries, err)
	}
}

func exitCodeOf(t *testing.T, err error) int {
	t.Helper()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if err != nil && !ok {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

func TestCommandRunsWithAKubeconfig(t *testing.T) {
	dir := t.TempDir()
	cmd, temp := program(t, "-dir", dir, "-kubeconfig", "config", "--",
		"sh", "-c", `pwd; echo "$KUBECONFIG"; grep -c current-context "$KUBECONFIG"; exit 7`)
	out, err := cmd.Output()
	if code := exitCodeOf(t, err); code != 7 {
		t.Errorf("exit code %d, want the command's", code)
	}
	config := filepath.Join(dir, "config")
	if want := dir + "\n" + config + "\n1\n"; string(out) != want {
		t.Errorf("the command says %q, want %q", out, want)
	}
	if _, err := os.Stat(config); !os.IsNotExist(err) {
		t.Errorf("the kubeconfig is left: %v", err)
	}
	mustBeEmpty(t, temp)
}

func TestMissingCommandIsNamed(t *testing.T) {
	cmd, temp := program(t, "--", "no-such-command")
	out, err := cmd.CombinedOutput()
	if code := exitCodeOf(t, err); code != 1 || !strings.Contains(string(out), `"no-such-command"`) {
		t.Errorf("exit code %d: %s", code, out)
	}
	mustBeEmpty(t, temp)
}

// TestSignalEndsEverything interrupts the program when the command has begun, which has
// a child of its own, as "go run" has. It is the child that says so: a shell which gets
// the signal before it has a child waits for that before it heeds the trap.
func TestSignalEndsEverything(t *testing.T) {
	for name, test := range map[string]struct {
		signal  os.Signal
		command string
		code    int
		said    string
	}{
		"SIGTERM, command ends in order": {syscall.SIGTERM, `trap 'echo stopping; exit 5' TERM; sh -c 'echo ready; exec cat'`, 5, "stopping\n"},
		"SIGINT, command ends in order":  {os.Interrupt, `trap 'echo stopping; exit 6' INT; sh -c 'echo ready; exec cat'`, 6, "stopping\n"},
		"SIGTERM, command dies of it":    {syscall.SIGTERM, `sh -c 'echo ready; exec cat'; exit 1`, 128 + 15, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cmd, temp := program(t, "--", "sh", "-c", test.command)
			if _, err := cmd.StdinPipe(); err != nil { // cat waits on it
				t.Fatal(err)
			}
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(stdout)
			if line, err := lines.ReadString('\n'); line != "ready\n" {
				t.Fatalf("the command says %q: %v", line, err)
			}
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			said, err := io.ReadAll(lines) // ends when all that hold the pipe have ended
			if err != nil || string(said) != test.said {
				t.Errorf("the command says %q, want %q: %v", said, test.said, err)
			}
			if code := exitCodeOf(t, cmd.Wait()); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			mustBeEmpty(t, temp)
		})
	}
}

func TestWithoutCommandItWaitsForASignal(t *testing.T) {
	cmd, temp := program(t)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimSpace(line)); err != nil {
		t.Errorf("it prints no kubeconfig: %v", err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	mustBeEmpty(t, temp)
}

func TestParse(t *testing.T) {
	up, err := parse([]string{
		"-feature-gates", "A=true,B=false", "-feature-gates=C=1", "-apiserver-flag", "--x=1", "-apiserver-flag=--y=2",
		"-servers=2", "-v", "-dir", "/d", "-kubeconfig", "k", "--", "cmd", "-v",
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if g := up.opts.FeatureGates; len(g) != 3 || !g["A"] || g["B"] || !g["C"] {
		t.Errorf("feature gates %v", g)
	}
	if got := strings.Join(up.opts.Flags, " "); got != "--x=1 --y=2" {
		t.Errorf("flags %q", got)
	}
	if up.opts.Servers != 2 || up.opts.Logs != os.Stderr || up.kubeconfig != "/d/k" || strings.Join(up.command, " ") != "cmd -v" {
		t.Errorf("got %+v", up)
	}
}

func TestWrongFlagsSayWhatIsWrong(t *testing.T) {
	for want, args := range map[string][]string{
		`"A" is not of the form Name=true`:       {"-feature-gates=A"},
		`"A=maybe" is not of the form Name=true`: {"-feature-gates=B=true,A=maybe"},
		"write it as --name=value":               {"-apiserver-flag=v=5"},
		"not defined: -nope":                     {"-nope"},
	} {
		var output strings.Builder
		if _, err := parse(args, &output); err == nil || !strings.Contains(output.String(), want) {
			t.Errorf("%v: %v, said %q, want %q", args, err, output.String(), want)
		}
	}
}
