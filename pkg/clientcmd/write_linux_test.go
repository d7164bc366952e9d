package clientcmd

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// The limit on file sizes makes a write stop in the middle, as a full disk does. It holds for a process, so there is one.
func TestFullDiskKeepsTheOldFile(t *testing.T) {
	const child = "KUBEWRIGHT_TEST_FULL_DISK"
	if path := os.Getenv(child); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		var limit syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: limit.Max}); err != nil {
			t.Fatal(err)
		}
		err := WriteToFile(oneUser(strings.Repeat(canary.Secret, 100)), path)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil { // there may be a coverage report to write
			t.Fatal(err)
		}
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), "which stays as it was") || strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
			t.Fatalf("error %v", err)
		}
		return
	}
	dir := t.TempDir()
	path := write(t, dir, "config", "old")
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := read(t, path); got != "old" {
		t.Errorf("the file has\n%s", got)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestPipesAreWrittenTo(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(path, os.O_RDWR, 0) // so that neither side waits
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if err := WriteToFile(oneUser(canary.Secret), path); err != nil {
		t.Fatal(err)
	}
	content := make([]byte, 1000)
	if n, err := pipe.Read(content); err != nil || !strings.Contains(string(content[:n]), "token: "+canary.Secret) {
		t.Errorf("read %q, %v", content[:n], err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("it is no pipe any more: %v, %v", info, err)
	}
	unlock, err := lockFiles([]string{path}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("it is locked: %v, %v", entries, err)
	}
}

func TestDevNullStaysWhatItIs(t *testing.T) {
	rules := &ClientConfigLoadingRules{Precedence: []string{os.DevNull}}
	if !isDevice(os.DevNull) {
		t.Fatal("it would be replaced by a file")
	}
	if err := UpdateConfig(rules, false, func(c *api.Config) error { c.CurrentContext = "x"; return nil }); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(os.DevNull); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

// Only root can give a file to somebody else; for others this is about their own files.
func TestReplacedFileKeepsItsOwner(t *testing.T) {
	path := write(t, t.TempDir(), "config", "old")
	want := uint32(os.Geteuid())
	if want == 0 {
		want = 12345
		if err := os.Chown(path, int(want), int(want)); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteToFile(oneUser(canary.Secret), path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Sys().(*syscall.Stat_t).Uid; got != want {
		t.Errorf("the file belongs to %d, want %d", got, want)
	}
}
