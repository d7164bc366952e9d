package memnet

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestServesHTTPInABubble: requests and a stream over HTTP/1.1 and HTTP/2, with fake time and no goroutine left.
func TestServesHTTPInABubble(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := Listen("server:443")
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				for range 3 {
					_, _ = io.WriteString(w, req.Proto+" ")
					w.(http.Flusher).Flush()
					time.Sleep(time.Minute)
				}
			}))
			server.Listener.Close()
			server.Listener = l
			server.EnableHTTP2 = h2
			server.StartTLS()
			client := &http.Client{Transport: &http.Transport{
				DialContext: l.Dial, ForceAttemptHTTP2: h2,
				TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			}}
			begin := time.Now()
			resp, err := client.Get("https://server/")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			want := "HTTP/1.1 HTTP/1.1 HTTP/1.1 "
			if h2 {
				want = "HTTP/2.0 HTTP/2.0 HTTP/2.0 "
			}
			if err != nil || string(body) != want || time.Since(begin) != 3*time.Minute {
				t.Errorf("%q after %v, %v", body, time.Since(begin), err)
			}
			client.CloseIdleConnections()
			server.Close()
		})
	}
}

func TestDialEnds(t *testing.T) {
	l := Listen("server:443")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Dial(ctx, "tcp", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	if _, err := l.Dial(t.Context(), "tcp", "x"); !errors.Is(err, errRefused) {
		t.Errorf("closed: %v", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept: %v", err)
	}
}

func TestEndsHaveAddresses(t *testing.T) {
	l := Listen("server:443")
	go func() {
		conn, err := l.Accept()
		if err == nil {
			_, _ = io.WriteString(conn, conn.LocalAddr().String()+" "+conn.RemoteAddr().String())
			conn.Close()
		}
	}()
	conn, err := l.Dial(t.Context(), "tcp", "x")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	text, err := io.ReadAll(conn)
	if want := conn.RemoteAddr().String() + " " + conn.LocalAddr().String(); err != nil || string(text) != want || l.Addr().String() != "server:443" {
		t.Errorf("got %q, %v; want %q", text, err, want)
	}
}

func TestResetIsSeenByThePeer(t *testing.T) {
	client, server := pipe("client", "server")
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read: %v", err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("write: %v", err)
	}
	if _, err := server.Read(make([]byte, 1)); err == nil || errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read at the end that did it: %v", err)
	}
}

func TestClosedConnectionsFailAsThoseOfTCP(t *testing.T) {
	client, server := pipe("client", "server")
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("read what the peer has closed: %v", err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("write to a peer that has closed: %v", err)
	}
	if _, err := server.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write to what was closed here: %v", err)
	}
}
