package fault

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Conn is a connection of the server, below TLS. Its own methods, all safe for concurrent use, make it fail. What they
// do to it is not to be undone: bytes that are missing cannot be made good for.
type Conn struct {
	net.Conn
	injector *Injector
	// ID counts the connections in the order in which they were accepted, from 1.
	ID uint64

	writing sync.Mutex // keeps writes in order while one is slow

	mu        sync.Mutex // guards all below
	closed    chan struct{}
	isClosed  bool
	deaf      bool // what comes in is lost
	mute      bool // what goes out is lost
	limited   bool // after budget more bytes, end
	budget    int64
	cutEnd    End
	chunk     int // of bytes that go out at a time; 0 for all
	every     time.Duration
	sentBytes int64
}

// Direction is one of those in which a connection carries bytes, or both.
type Direction int

// The directions.
const (
	ToClient Direction = 1 << iota
	ToServer
	Both = ToClient | ToServer
)

type connKey struct{}

// ConnContext is for http.Server.ConnContext: it makes the connection known to the effects of requests.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	for {
		switch inner := c.(type) {
		case *Conn:
			return context.WithValue(ctx, connKey{}, inner)
		case interface{ NetConn() net.Conn }: // TLS
			c = inner.NetConn()
		default:
			return ctx
		}
	}
}

// ConnOf returns the connection of a request; nil if its server did not tell.
func ConnOf(ctx context.Context) *Conn {
	c, _ := ctx.Value(connKey{}).(*Conn)
	return c
}

// Sent is how many bytes were written to the connection, those of TLS included.
func (c *Conn) Sent() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sentBytes
}

// Reset makes the peer see "connection reset by peer". A connection that is not of TCP can do so if it has a method
// Reset() error; otherwise it is closed.
func (c *Conn) Reset() error {
	switch inner := c.Conn.(type) {
	case *net.TCPConn:
		_ = inner.SetLinger(0) // then closing resets; a connection that is closed already cannot
	case interface{ Reset() error }:
		c.forget()
		return inner.Reset()
	}
	return c.Close()
}

// Close closes the connection as a server does that ends: the peer gets what was written, and then the end, without one
// of TLS.
func (c *Conn) Close() error {
	c.forget()
	return c.Conn.Close()
}

func (c *Conn) forget() {
	c.mu.Lock()
	if !c.isClosed {
		c.isClosed = true
		close(c.closed)
	}
	c.mu.Unlock()
	c.injector.forget(c)
}

// end does what an End means for a connection.
func (c *Conn) end(e End) {
	switch e {
	case Close:
		_ = c.Close()
	case Reset:
		_ = c.Reset()
	}
}

// settle returns when nothing was written for a moment. A flush over HTTP/2 returns before its frames are written, and
// nothing tells when they are; in a bubble of testing/synctest the moment is exactly until then.
func (c *Conn) settle() {
	const moment = 2 * time.Millisecond
	for before := int64(-1); before != c.Sent(); {
		before = c.Sent()
		if c.pause(moment) != nil {
			return
		}
	}
}

// Blackhole loses, from now on, what is sent in a direction, as a network does behind which a peer has gone. The client
// can still close the connection, and the server, so that neither keeps it forever.
func (c *Conn) Blackhole(d Direction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mute = c.mute || d&ToClient != 0
	c.deaf = c.deaf || d&ToServer != 0
}

// CutAfter ends the connection when it has sent n more bytes, those of TLS and HTTP included: by Close, which Clean and
// Abort are here, too, by Reset, or by Silence, which is Blackhole in both directions.
func (c *Conn) CutAfter(n int64, end End) {
	if end == Clean || end == Abort {
		end = Close
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limited, c.budget, c.cutEnd = true, max(0, n), end
}

// Throttle lets at most size bytes out at a time, with a time before each; those of TLS and HTTP included.
func (c *Conn) Throttle(size int, every time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chunk, c.every = max(1, size), every
}

// errCut is what the server gets that writes to a connection which a fault has ended.
var errCut = errors.New("a fault has ended the connection")

func (c *Conn) Write(p []byte) (written int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	for {
		c.mu.Lock()
		piece, every, mute, spent, end := p[written:], c.every, c.mute, c.limited && c.budget == 0, c.cutEnd
		if c.chunk > 0 {
			piece = piece[:min(len(piece), c.chunk)]
		}
		if c.limited {
			piece = piece[:min(int64(len(piece)), c.budget)]
		}
		c.mu.Unlock()
		switch {
		case mute:
			return len(p), nil
		case spent && end == Silence:
			c.Blackhole(Both)
			return len(p), nil
		case spent:
			c.end(end)
			return written, errCut
		case written == len(p):
			return written, nil
		}
		if err := c.pause(every); err != nil {
			return written, err
		}
		n, err := c.Conn.Write(piece)
		written += n
		c.mu.Lock()
		c.sentBytes += int64(n)
		if c.limited {
			c.budget -= min(c.budget, int64(n))
		}
		c.mu.Unlock()
		if err != nil {
			return written, err
		}
	}
}

func (c *Conn) pause(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.closed:
		return net.ErrClosed
	}
}

func (c *Conn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		c.mu.Lock()
		deaf := c.deaf
		c.mu.Unlock()
		if !deaf {
			return n, err
		}
		if err != nil {
			return 0, err
		}
	}
}
