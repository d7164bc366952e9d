package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestWatch lets the program watch a project through a change, a mistake and its repair, and interrupts it.
func TestWatch(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/generate.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, archive)
	if out := s.command("kubewright generate --only deepcopy,register"); out != "" { // which completes go.mod, too
		t.Fatal(out)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "generate", "--watch", "--only", "deepcopy,register,lister")
	cmd.Dir, cmd.Env = s.dir, s.env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	expect := func(want string) {
		t.Helper()
		if got, err := lines.ReadString('\n'); err != nil || strings.TrimSpace(got) != want {
			t.Fatalf("got %q (%v), want %q", got, err, want)
		}
	}
	const types = "apis/stable/v1/types.go"
	right := s.read(types)
	expect("4 files, 2 changed; waiting for changes")
	s.write(types, []byte(strings.Replace(right, "+genclient\n", "+genclinet\n", 1)))
	expect("error: no type has +genclient in 2 packages (write // +genclient above the types that shall have clients)")
	expect("apis/stable/v1/types.go:6:4: error: unknown tag +genclinet; did you mean +genclient?")
	expect("apis/stable/v1/types.go:7:4: error: tag +genclient:onlyVerbs has no effect: the type has no +genclient (add +genclient, or remove the tag)")
	expect("nothing was written; waiting for changes")
	s.write(types, []byte(strings.ReplaceAll(right, "CronTab", "Job")))
	expect("4 files, 5 changed; waiting for changes")
	s.write("kubewright.yaml", []byte("listers-name: cache\n"))
	expect("4 files, 2 changed; waiting for changes")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil || len(rest) > 0 {
		t.Errorf("after the interrupt: %q, error %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after the interrupt: %v", err)
	}
}
