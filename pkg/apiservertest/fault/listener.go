package fault

import (
	"net"
)

// listener gives connections that can be made to fail.
type listener struct {
	net.Listener
	injector *Injector
}

// Listener returns one whose connections the effects steer. TLS belongs above it:
//
//	server := &http.Server{Handler: injector.Wrap(api), ConnContext: fault.ConnContext}
//	server.ServeTLS(injector.Listener(l), "", "")
func (i *Injector) Listener(l net.Listener) net.Listener { return &listener{l, i} }

func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	i := l.injector
	c := &Conn{Conn: inner, injector: i, closed: make(chan struct{})}
	i.mu.Lock()
	i.accepted++
	c.ID = i.accepted
	i.conns[c] = struct{}{}
	onAccept := i.onAccept
	i.mu.Unlock()
	if onAccept != nil {
		onAccept(c)
	}
	return c, nil
}

// OnAccept sets what is called with each new connection before its first byte, TLS included: to reset it, for instance,
// let it vanish in a black hole, or cut it within the handshake. It is called by the one goroutine that accepts, and must
// not block. nil ends it.
func (i *Injector) OnAccept(f func(*Conn)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.onAccept = f
}

// Conns returns the connections that are open, in no order.
func (i *Injector) Conns() []*Conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	all := make([]*Conn, 0, len(i.conns))
	for c := range i.conns {
		all = append(all, c)
	}
	return all
}

func (i *Injector) forget(c *Conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.conns, c)
}
