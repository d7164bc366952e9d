//go:build unix

package exec

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestWhatAPluginStartedDiesWithIt(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	p, _ := pluginFor(t, configFor(t, "hangchild="+pidFile))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, _, err := p.fetch(ctx)
		done <- err
	}()
	var pid int
	eventually(t, func() bool {
		content, _ := os.ReadFile(pidFile)
		pid, _ = strconv.Atoi(string(content))
		return pid != 0
	})
	cancel()
	if err := <-done; err == nil || !strings.Contains(canary.Err(t, err).Error(), "nobody waits") {
		t.Error(err)
	}
	eventually(t, func() bool {
		if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
			return true // dead, but not yet seen by the parent that it was given to
		}
		return syscall.Kill(pid, 0) != nil
	})
}
