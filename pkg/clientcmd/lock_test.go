package clientcmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestWaitingForALockEndsWithAnErrorThatNamesIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config")
	unlock, err := lockFiles([]string{path, path}, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = lockFiles([]string{path}, time.Nanosecond)
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), fmt.Sprintf("unable to lock kubeconfig %q: another process has held the lock %q", path, path+lockSuffix)) {
		t.Errorf("error %v", err)
	}
	unlock()
	unlock, err = lockFiles([]string{path}, 0)
	if err != nil {
		t.Fatalf("after it was given back: %v", err)
	}
	unlock()
	if _, err := os.Stat(path + lockSuffix); !errors.Is(canary.Err(t, err), os.ErrNotExist) {
		t.Errorf("the lock is left behind: %v", err)
	}
}

func TestLockFileThatIsLeftBehindLocksNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config"+lockSuffix, "")
	unlock, err := lockFiles([]string{filepath.Join(dir, "config")}, 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestLinksToOneFileShareItsLock(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "config", "")
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	unlock, err := lockFiles([]string{link, path}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if _, err := lockFiles([]string{path}, 0); err == nil {
		t.Error("the file can be locked twice, through the link and by its name")
	}
}

func TestWhereNothingCanBeWrittenNothingIsLocked(t *testing.T) {
	unlock, err := lockFiles([]string{filepath.Join(t.TempDir(), "none", "config")}, 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestLockOfAnEndedProcessIsFree(t *testing.T) {
	const child = "KUBEWRIGHT_TEST_LOCK_AND_DIE"
	if path := os.Getenv(child); path != "" {
		if _, err := lockFiles([]string{path}, 0); err != nil {
			t.Fatal(err)
		}
		os.Exit(3) // without giving it back
	}
	path := filepath.Join(t.TempDir(), "config")
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"="+path)
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 3 {
		t.Fatal(err)
	}
	unlock, err := lockFiles([]string{path}, 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// addContexts adds count contexts, one change each.
func addContexts(path, prefix string, count int) error {
	for i := range count {
		err := UpdateConfig(&ClientConfigLoadingRules{ExplicitPath: path}, false, func(c *api.Config) error {
			c.Contexts[fmt.Sprintf("%s-%d", prefix, i)] = &api.Context{Cluster: "c"}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestConcurrentUpdatesAreAllThere(t *testing.T) {
	const child, each, routines, processes = "KUBEWRIGHT_TEST_WRITERS", 5, 4, 2
	run := func(path, prefix string) error {
		errs := make([]error, routines)
		var wg sync.WaitGroup
		for r := range routines {
			wg.Go(func() { errs[r] = addContexts(path, fmt.Sprintf("%s-%d", prefix, r), each) })
		}
		wg.Wait()
		return errors.Join(errs...)
	}
	if path := os.Getenv(child); path != "" {
		if err := run(path, fmt.Sprint(os.Getpid())); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "config")
	var cmds []*exec.Cmd
	for range processes {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), child+"="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	err := run(path, "here")
	for _, cmd := range cmds {
		err = errors.Join(err, cmd.Wait())
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadFromFile(path)
	if err != nil || len(c.Contexts) != (processes+1)*routines*each {
		t.Errorf("%d contexts, %v, want %d", len(c.Contexts), err, (processes+1)*routines*each)
	}
}
