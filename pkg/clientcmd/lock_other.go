//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package clientcmd

import (
	"errors"
	"os"
)

// tryLock makes a file that must not be there yet. These systems have no lock that ends with its process: after a crash
// the file has to be removed by hand, as the error that names it says.
func tryLock(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	_ = f.Close()
	return func() { _ = os.Remove(path) }, nil
}

func isReadOnly(error) bool { return false }
