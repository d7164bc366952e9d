package apiservertest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/memnet"
)

// memoryHost is the name of a server in the memory.
const memoryHost = "apiserver.test"

// network is the server as far as it can be reached: a listener, and what serves its connections.
type network struct {
	memory *memnet.Listener // nil if the listener is on the loopback interface
	http   *http.Server
	served chan struct{} // closed when http has ended
}

// Start makes the server reachable again after Stop, at the same address. It is an error if another program has taken that.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.network != nil {
		return nil
	}
	n := &network{served: make(chan struct{})}
	listener, err := s.listen(n)
	if err != nil {
		return err
	}
	n.http = &http.Server{
		Handler: s.handler,
		TLSConfig: &tls.Config{
			GetCertificate: s.servingCertificate,
			ClientAuth:     tls.RequestClientCert, // who has a wrong one is told so by a Status
			MinVersion:     tls.VersionTLS12,
		},
		ConnContext:       fault.ConnContext,
		ConnState:         s.requests.connection,
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // clients that hang up are what tests are about
	}
	go func() {
		defer close(n.served)
		_ = n.http.ServeTLS(s.faults.Listener(listener), "", "") // ends with Close; there is no other reason on the loopback interface
	}()
	s.network = n
	return nil
}

// listen returns a listener at the address of the server, which it chooses if there is none yet.
func (s *Server) listen(n *network) (net.Listener, error) {
	if s.options.inMemory {
		s.address = memoryHost
		n.memory = memnet.Listen(memoryHost + ":443")
		return n.memory, nil
	}
	address := s.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on the loopback interface: %w", err)
	}
	s.address = listener.Addr().String()
	return listener, nil
}

// Stop makes the server unreachable, as if it had crashed: connections are broken, and new ones refused. Objects and history stay as
// they are, and Start makes it reachable again.
func (s *Server) Stop() {
	s.mu.Lock()
	n := s.network
	s.network = nil
	s.mu.Unlock()
	if n == nil {
		return
	}
	for _, conn := range s.faults.Conns() {
		_ = conn.Close() // it may be broken already
	}
	_ = n.http.Close() // of the listener, and of connections that are new
	<-n.served
}

var errStopped = errors.New("connection refused: the server is stopped")

// dialMemory connects a client with a server in the memory.
func (s *Server) dialMemory(ctx context.Context, network, address string) (net.Conn, error) {
	s.mu.Lock()
	n := s.network
	s.mu.Unlock()
	if n == nil {
		return nil, &net.OpError{Op: "dial", Net: "memory", Err: errStopped}
	}
	return n.memory.Dial(ctx, network, address)
}
