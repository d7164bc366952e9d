package connrotation

import (
	"net"
	"sync"
)

// ConnectionTracker knows connections until they are closed. It may be used concurrently.
type ConnectionTracker struct {
	mu    sync.Mutex // guards conns
	conns map[*trackedConn]struct{}
}

// NewConnectionTracker returns a tracker without connections.
func NewConnectionTracker() *ConnectionTracker {
	return &ConnectionTracker{conns: map[*trackedConn]struct{}{}}
}

// CloseAll closes the connections that are tracked when it is called, all at the same time, and returns when they are closed.
// Connections that are made meanwhile stay open.
func (c *ConnectionTracker) CloseAll() {
	c.mu.Lock()
	conns := c.conns
	c.conns = map[*trackedConn]struct{}{}
	c.mu.Unlock()

	var wg sync.WaitGroup
	for conn := range conns {
		wg.Go(func() { _ = conn.Conn.Close() }) // TLS connections may take seconds to say goodbye
	}
	wg.Wait()
}

// Track returns conn as a connection that CloseAll closes, too, until it is closed.
func (c *ConnectionTracker) Track(conn net.Conn) net.Conn {
	tracked := &trackedConn{Conn: conn, tracker: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns[tracked] = struct{}{}
	return tracked
}

type trackedConn struct {
	net.Conn
	tracker *ConnectionTracker
}

// Close implements net.Conn.
func (t *trackedConn) Close() error {
	t.tracker.mu.Lock()
	delete(t.tracker.conns, t)
	t.tracker.mu.Unlock()
	return t.Conn.Close()
}
