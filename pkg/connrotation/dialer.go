package connrotation

import (
	"context"
	"net"
)

// DialFunc makes connections; see net.Dialer.DialContext.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Dialer makes connections that its tracker can close.
type Dialer struct {
	*ConnectionTracker
	dial DialFunc
}

// NewDialer is NewDialerWithTracker with a tracker of its own.
func NewDialer(dial DialFunc) *Dialer { return NewDialerWithTracker(dial, nil) }

// NewDialerWithTracker returns a dialer that makes connections with dial, or net.Dialer if that is nil, and tracks them with
// tracker, or one of its own if that is nil.
func NewDialerWithTracker(dial DialFunc, tracker *ConnectionTracker) *Dialer {
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	if tracker == nil {
		tracker = NewConnectionTracker()
	}
	return &Dialer{ConnectionTracker: tracker, dial: dial}
}

// Dial is DialContext without a context.
func (d *Dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext makes a connection and tracks it.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return d.Track(conn), nil
}
