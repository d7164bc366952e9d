//go:build !linux

package transport

import (
	"context"
	"syscall"
	"time"
)

// limitUnacked returns nil: only Linux is known to have the option.
func limitUnacked(time.Duration) func(context.Context, string, string, syscall.RawConn) error {
	return nil
}
