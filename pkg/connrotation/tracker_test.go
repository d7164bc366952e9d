package connrotation

import (
	"context"
	"net"
	"testing"
)

func TestATrackedConnectionIsForgottenOnceItIsClosed(t *testing.T) {
	tracker := NewConnectionTracker()
	here, there := net.Pipe()
	defer there.Close()
	tracked := tracker.Track(here)
	if len(tracker.conns) != 1 || tracked == here {
		t.Fatalf("%d connections tracked, want one, wrapped", len(tracker.conns))
	}
	if err := tracked.Close(); err != nil {
		t.Fatal(err)
	}
	if len(tracker.conns) != 0 || !isClosed(here) {
		t.Errorf("%d connections tracked, want none and the connection closed", len(tracker.conns))
	}
}

func TestDialContextPassesOnWhatItIsTold(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "value")
	d := NewDialer(func(ctx context.Context, network, address string) (net.Conn, error) {
		if ctx.Value(key{}) != "value" || network != "tcp6" || address != "host:2" {
			t.Errorf("got %v %s %s", ctx.Value(key{}), network, address)
		}
		return (&pipes{}).dial(ctx, network, address)
	})
	conn, err := d.DialContext(ctx, "tcp6", "host:2")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}
