//go:build unix

package clientcmd

import (
	"fmt"
	"os"
	"syscall"
)

// keepOwner gives temp to the owner of the file that it will replace: root, who changes a user's kubeconfig, must not lock
// the user out of it.
func keepOwner(temp *os.File, target string) error {
	before, err := os.Stat(target) //nolint:gosec // G703: the user names the kubeconfig
	if err != nil {
		return nil //nolint:nilerr // a file that is not there has no owner
	}
	was, ok := before.Sys().(*syscall.Stat_t)
	if !ok || int(was.Uid) == os.Geteuid() {
		return nil
	}
	if err := temp.Chown(int(was.Uid), int(was.Gid)); err != nil {
		return fmt.Errorf("it belongs to another user (%d): %w", was.Uid, err)
	}
	return nil
}

// syncDir makes the names in a directory survive a crash, where the file system can. The file is in its place already, so
// there is no error to tell.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil { //nolint:gosec // G703: as above
		_ = d.Sync()
		_ = d.Close()
	}
}
