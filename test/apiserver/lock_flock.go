//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package apiserver

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockFile takes the lock of a file, which it makes if need be, and returns what gives
// it back. When another process has the lock, waiting is called and the lock awaited.
// The kernel gives back the lock of a process that ends.
func lockFile(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	retry := time.NewTicker(250 * time.Millisecond)
	defer retry.Stop()
	for first := true; ; first = false {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if err != syscall.EWOULDBLOCK && err != syscall.EINTR {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if first {
			waiting()
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("wait for the lock %s: %w", path, context.Cause(ctx))
		case <-retry.C:
		}
	}
}
