package transport

import (
	"context"
	"strings"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of tcp(7), in milliseconds, which package syscall lacks.
const tcpUserTimeout = 0x12

// limitUnacked returns a net.Dialer.ControlContext that bounds the time for which sent data may stay unacknowledged
// (RFC 5482). A kernel that does not know the option goes on without.
func limitUnacked(limit time.Duration) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, network, _ string, conn syscall.RawConn) error {
		if !strings.HasPrefix(network, "tcp") {
			return nil
		}
		return conn.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(limit.Milliseconds()))
		})
	}
}
