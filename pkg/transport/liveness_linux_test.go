package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// blackHole makes the kernel drop, unacknowledged and without a word, all that arrives for conn from now on, as a peer does
// whose machine lost power.
func blackHole(t *testing.T, conn net.Conn) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	dropAll := []syscall.SockFilter{{Code: syscall.BPF_RET | syscall.BPF_K}}
	var filterErr error
	if err := raw.Control(func(fd uintptr) {
		filterErr = syscall.AttachLsf(int(fd), dropAll) //nolint:staticcheck // golang.org/x/sys would be a dependency for this alone
	}); err != nil || filterErr != nil {
		t.Fatal(err, filterErr)
	}
}

// shortLived notices a dead peer as soon as the kernel can, instead of after the half minute that TestDialerSettings checks.
func shortLived() *DialHolder {
	return &DialHolder{Dial: livenessDialer(net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second, Count: 1}, time.Second).DialContext}
}

// connServer tells of the connections that it gets. A request for /wait is not answered before the end of the test.
func connServer(t *testing.T) (server *httptest.Server, conns chan net.Conn, asked chan struct{}) {
	t.Helper()
	conns, asked = make(chan net.Conn, 10), make(chan struct{}, 1)
	answer := make(chan struct{})
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/wait" {
			asked <- struct{}{}
			<-answer
		}
	}))
	server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns <- c
		}
	}
	server.Start()
	t.Cleanup(func() {
		close(answer)
		server.Close()
	})
	return server, conns, asked
}

func TestHalfOpenHTTP1ConnectionIsNoticedWhileWaitingForAnAnswer(t *testing.T) {
	server, conns, asked := connServer(t)
	rt := newRT(t, &Config{DialHolder: shortLived()})
	failed := make(chan error)
	go func() {
		resp, err := rt.RoundTrip(getRequest(t, server.URL+"/wait"))
		if err == nil {
			resp.Body.Close()
		}
		failed <- err
	}()
	<-asked
	blackHole(t, <-conns)
	if err := <-failed; !errors.Is(canary.Err(t, err), syscall.ETIMEDOUT) {
		t.Errorf("error %v, want that the connection timed out", err)
	}
}

func TestHalfOpenHTTP1ConnectionFromThePoolIsReplaced(t *testing.T) {
	server, conns, _ := connServer(t)
	rt := newRT(t, &Config{DialHolder: shortLived()})
	for range 2 { // the second GET is lost, and net/http sends it once more
		resp, err := rt.RoundTrip(getRequest(t, server.URL))
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		blackHole(t, <-conns)
	}
}

func TestHalfOpenHTTP2ConnectionIsNoticedByPings(t *testing.T) {
	t.Setenv("HTTP2_READ_IDLE_TIMEOUT_SECONDS", "1")
	t.Setenv("HTTP2_PING_TIMEOUT_SECONDS", "1")
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	defer close(server.hold)
	// Without probes of TCP, so that it is not they that notice.
	dial := (&net.Dialer{KeepAlive: -1}).DialContext
	rt := newRT(t, &Config{TLS: TLSConfig{CAData: ca.pem()}, DialHolder: &DialHolder{Dial: dial}})
	resp, err := rt.RoundTrip(getRequest(t, server.URL+"/held"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	server.mu.Lock()
	conn := server.conns[0].(*tls.Conn)
	server.mu.Unlock()
	blackHole(t, conn.NetConn())
	if _, err := io.ReadAll(resp.Body); !utilnet.IsHTTP2ConnectionLost(err) {
		t.Errorf("error %v, want that the connection is lost", err)
	}
}

func TestDialerSettings(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := newDialer().DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	for option, want := range map[int]int{syscall.TCP_KEEPIDLE: 15, syscall.TCP_KEEPINTVL: 5, syscall.TCP_KEEPCNT: 3, tcpUserTimeout: 30000} {
		var got int
		var optErr error
		if err := raw.Control(func(fd uintptr) { got, optErr = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, option) }); err != nil || optErr != nil {
			t.Fatal(err, optErr)
		}
		if got != want {
			t.Errorf("TCP option %d is %d, want %d", option, got, want)
		}
	}
}
