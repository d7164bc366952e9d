package connrotation

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pipes dials connections to nowhere.
type pipes struct{}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	conn, _ := net.Pipe()
	return conn, nil
}

func isClosed(conn net.Conn) bool {
	return errors.Is(conn.SetDeadline(time.Time{}), io.ErrClosedPipe)
}

func dial(t *testing.T, d *Dialer) net.Conn {
	t.Helper()
	conn, err := d.Dial("tcp", "host:1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestCloseAllClosesWhatIsOpen(t *testing.T) {
	d := NewDialer((&pipes{}).dial)
	one, two, three := dial(t, d), dial(t, d), dial(t, d)
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(d.conns); n != 2 {
		t.Errorf("%d connections tracked, want two", n)
	}
	d.CloseAll()
	if !isClosed(one) || !isClosed(three) {
		t.Error("a connection is still open")
	}
	later := dial(t, d)
	if isClosed(later) || len(d.conns) != 1 {
		t.Error("a later connection is closed or not tracked")
	}
}

func TestDialersShareATracker(t *testing.T) {
	tracker := NewConnectionTracker()
	one, two := dial(t, NewDialerWithTracker((&pipes{}).dial, tracker)), dial(t, NewDialerWithTracker((&pipes{}).dial, tracker))
	tracker.CloseAll()
	if !isClosed(one) || !isClosed(two) {
		t.Error("a connection is still open")
	}
}

func TestDialErrorIsReturned(t *testing.T) {
	failure := errors.New("no route")
	d := NewDialer(func(context.Context, string, string) (net.Conn, error) { return nil, failure })
	if conn, err := d.Dial("tcp", "host:1"); conn != nil || !errors.Is(err, failure) {
		t.Errorf("%v, %v", conn, err)
	}
}

func TestDefaultDialer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := NewDialer(nil).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

func TestConcurrentUse(t *testing.T) {
	d := NewDialer((&pipes{}).dial)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 20 {
				conn, err := d.Dial("tcp", "host:1")
				if err != nil {
					t.Error(err)
					return
				}
				_ = conn.Close()
			}
		})
		wg.Go(d.CloseAll)
	}
	wg.Wait()
	if n := len(d.conns); n != 0 {
		t.Errorf("%d connections are still tracked", n)
	}
}
