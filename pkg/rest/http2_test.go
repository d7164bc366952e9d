package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// h2Server speaks HTTP/2 as a script says: the n-th connection is served by its n-th entry, further ones by the last.
type h2Server struct {
	script []func(c *h2Conn)

	mu       sync.Mutex // guards bodies, conns
	bodies   []string   // the requests that were executed
	accepted int
	conns    []net.Conn
	done     sync.WaitGroup
}

// h2Conn is one connection of a server.
type h2Conn struct {
	*http2.Framer
	s       *h2Server
	partial map[uint32]string // bodies of requests that have not ended
}

// client returns a client of s.
func (s *h2Server) client(t *testing.T) *RESTClient {
	t.Helper()
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols, DialContext: func(context.Context, string, string) (net.Conn, error) { return s.dial() }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.mu.Lock()
		for _, c := range s.conns {
			_ = c.Close()
		}
		s.mu.Unlock()
		s.done.Wait()
	})
	config := testConfig("http://server.example")
	config.Transport = transport
	c, err := RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *h2Server) dial() (net.Conn, error) {
	local, remote := net.Pipe()
	s.mu.Lock()
	defer s.mu.Unlock()
	serve := s.script[min(s.accepted, len(s.script)-1)]
	s.accepted++
	s.conns = append(s.conns, remote)
	s.done.Go(func() {
		if _, err := io.ReadFull(remote, make([]byte, len(http2.ClientPreface))); err != nil {
			_ = remote.Close()
			return
		}
		// net.Pipe has no buffer: writes must not wait for a client that writes itself.
		out := make(chan []byte, 100)
		defer close(out)
		s.done.Go(func() {
			defer remote.Close()
			for data := range out { // to the end, also when nobody reads: the script must not block
				_, _ = remote.Write(data)
			}
		})
		c := &h2Conn{http2.NewFramer(chanWriter(out), remote), s, map[uint32]string{}}
		_ = c.WriteSettings()
		serve(c)
		s.done.Go(func() { _, _ = io.Copy(io.Discard, remote) }) // nor must the client, until it has read everything
	})
	return pipeEnd{local}, nil
}

// pipeEnd fails as a TCP connection does whose peer is gone.
type pipeEnd struct{ net.Conn }

func (p pipeEnd) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	if errors.Is(err, io.ErrClosedPipe) {
		err = &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
	}
	return n, err
}

type chanWriter chan<- []byte

func (c chanWriter) Write(p []byte) (int, error) { c <- bytes.Clone(p); return len(p), nil }

// request reads the next request that is complete.
func (c *h2Conn) request() (stream uint32, body string, err error) {
	for {
		f, err := c.ReadFrame()
		if err != nil {
			return 0, "", err
		}
		ended := false
		switch f := f.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				_ = c.WriteSettingsAck()
			}
			continue
		case *http2.HeadersFrame:
			ended = f.StreamEnded()
		case *http2.DataFrame:
			c.partial[f.StreamID] += string(f.Data())
			ended = f.StreamEnded()
		}
		if ended {
			stream = f.Header().StreamID
			body = c.partial[stream]
			delete(c.partial, stream)
			return stream, body, nil
		}
	}
}

// execute does what a request asks for.
func (c *h2Conn) execute(body string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.bodies = append(c.s.bodies, body)
}

// answer answers a request with 200.
func (c *h2Conn) answer(stream uint32) {
	var header bytes.Buffer
	e := hpack.NewEncoder(&header)
	_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	_ = c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: header.Bytes(), EndHeaders: true})
	_ = c.WriteData(stream, true, []byte("ok"))
}

// What a server may do with a connection.
func h2Serve(c *h2Conn) {
	for {
		stream, body, err := c.request()
		if err != nil {
			return
		}
		c.execute(body)
		c.answer(stream)
	}
}

// h2Refuse refuses the first stream, and serves the others.
func h2Refuse(c *h2Conn) {
	if stream, _, err := c.request(); err == nil {
		_ = c.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
	}
	h2Serve(c)
}

// h2GoAwayBefore says goodbye before it has done anything.
func h2GoAwayBefore(c *h2Conn) {
	if _, _, err := c.request(); err == nil {
		_ = c.WriteGoAway(0, http2.ErrCodeNo, nil)
	}
}

// h2GoAwayWithin begins a request, says goodbye, and goes.
func h2GoAwayWithin(c *h2Conn) {
	if stream, body, err := c.request(); err == nil {
		c.execute(body)
		_ = c.WriteGoAway(stream, http2.ErrCodeNo, nil)
	}
}

// h2GoAwayGraceful finishes the request that it has.
func h2GoAwayGraceful(c *h2Conn) {
	if stream, body, err := c.request(); err == nil {
		_ = c.WriteGoAway(stream, http2.ErrCodeNo, nil)
		c.execute(body)
		c.answer(stream)
	}
}

func TestWritesOverHTTP2AreExecutedOnce(t *testing.T) {
	for _, test := range []struct {
		name     string
		script   []func(*h2Conn)
		verb     string
		ok       bool
		executed int
	}{
		{"GOAWAY before a write", []func(*h2Conn){h2GoAwayBefore, h2Serve}, "POST", true, 1},
		{"graceful GOAWAY", []func(*h2Conn){h2GoAwayGraceful}, "POST", true, 1},
		{"GOAWAY within a write", []func(*h2Conn){h2GoAwayWithin, h2Serve}, "POST", false, 1},
		{"GOAWAY within a read", []func(*h2Conn){h2GoAwayWithin, h2Serve}, "GET", true, 2},
		{"refused write", []func(*h2Conn){h2Refuse}, "PUT", true, 1},
		{"refused read", []func(*h2Conn){h2Refuse}, "GET", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &h2Server{script: test.script}
			r := s.client(t).Verb(test.verb)
			want := ""
			if test.verb != "GET" {
				want = "body"
				r.Body([]byte(want))
			}
			got, err := r.DoRaw(t.Context())
			if (err == nil) != test.ok || test.ok && string(got) != "ok" {
				t.Errorf("answer %q, error %v, want success: %v", got, err, test.ok)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.bodies) != test.executed || s.bodies[0] != want {
				t.Errorf("the server executed %q, want %d times %q", s.bodies, test.executed, want)
			}
		})
	}
}

func TestEveryConnectionThatIsRefusedIsBounded(t *testing.T) {
	s := &h2Server{script: []func(*h2Conn){h2GoAwayWithin}}
	err := s.client(t).Get().MaxRetries(2).Do(t.Context()).Error()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil || s.accepted != 3 || !strings.Contains(err.Error(), "after attempt 3") {
		t.Errorf("%d connections, error %v, want 3", s.accepted, err)
	}
	if !strings.Contains(fmt.Sprint(err), "GOAWAY") {
		t.Errorf("error %v does not say why", err)
	}
}
