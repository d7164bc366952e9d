// Package memnet is a network within the process: connections without sockets, which work in a testing/synctest bubble.
//
//	Dial ── net.Pipe ──▶ Accept
package memnet

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// Listener accepts the connections that its Dial makes. It is safe for concurrent use.
type Listener struct {
	address Address
	backlog chan net.Conn
	closed  chan struct{}
	close   sync.Once
}

// Listen returns a listener at an address, which is just a name.
func Listen(address Address) *Listener {
	return &Listener{address: address, backlog: make(chan net.Conn), closed: make(chan struct{})}
}

// errRefused is what dialers get after Close.
var errRefused = errors.New("connection refused: the in-memory listener is closed")

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.backlog:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Connections that were accepted stay open.
func (l *Listener) Close() error {
	l.close.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *Listener) Addr() net.Addr { return l.address }

// Dial connects to the listener, whatever the address is. It waits until the connection is accepted.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := pipe(dialer, l.address)
	select {
	case l.backlog <- server:
		return client, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: l.address.Network(), Addr: l.address, Err: errRefused}
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: l.address.Network(), Addr: l.address, Err: context.Cause(ctx)}
	}
}

// Address names one end of a connection.
type Address string

// dialer is what all that dial are called.
const dialer Address = "127.0.0.1:0"

// Network implements net.Addr.
func (Address) Network() string { return "memory" }

// String implements net.Addr.
func (a Address) String() string { return string(a) }

// conn is one end of a pipe.
type conn struct {
	net.Conn
	local, remote Address
	peer          *conn
	wasReset      atomic.Bool // by the peer
	closed        atomic.Bool // by its owner
}

// pipe returns the two ends of a connection.
func pipe(here, there Address) (*conn, *conn) {
	a, b := net.Pipe()
	one := &conn{Conn: a, local: here, remote: there}
	other := &conn{Conn: b, local: there, remote: here, peer: one}
	one.peer = other
	return one, other
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// Reset closes the connection in the way of TCP that loses what is on its way: the peer sees that it was reset.
func (c *conn) Reset() error {
	c.peer.wasReset.Store(true)
	return c.Close()
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, c.explain(err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.explain(err)
}

// explain returns err as a connection of TCP has it.
func (c *conn) explain(err error) error {
	switch {
	case err != nil && c.wasReset.Load():
		return syscall.ECONNRESET
	case errors.Is(err, io.ErrClosedPipe) && c.closed.Load():
		return net.ErrClosed
	case errors.Is(err, io.ErrClosedPipe):
		return syscall.EPIPE
	}
	return err
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.closed.Store(true)
	return c.Conn.Close()
}
