//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package clientcmd

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock of a file, which it makes, or returns errLocked. Releasing the lock removes the file, so whoever
// gets a lock looks whether the file that it locked is still the one of that name.
func tryLock(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // G703: the user names the kubeconfig
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return nil, errLocked
		}
		return nil, &os.PathError{Op: "flock", Path: path, Err: err}
	}
	locked, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if named, err := os.Lstat(path); err != nil || !os.SameFile(locked, named) { //nolint:gosec // G703: as above
		_ = f.Close()
		return nil, errLocked
	}
	return func() {
		_ = os.Remove(path) //nolint:gosec // G703: as above
		_ = f.Close()
	}, nil
}

func isReadOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR)
}
