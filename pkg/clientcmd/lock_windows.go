package clientcmd

import (
	"errors"
	"os"
	"syscall"
)

// tryLock opens a file that nobody else may open meanwhile, and that is gone when it is closed.
func tryLock(path string) (release func(), err error) {
	const (
		errorSharingViolation = syscall.Errno(32)
		deleteOnClose         = 0x04000000
	)
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|deleteOnClose, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, errLocked
	}
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() { _ = syscall.CloseHandle(handle) }, nil
}

func isReadOnly(error) bool { return false }
