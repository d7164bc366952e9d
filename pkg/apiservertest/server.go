package apiservertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/endpoint"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// Server is a running API server. Its methods may be called concurrently.
type Server struct {
	*machinery
	*certificates

	options  options
	faults   *fault.Injector
	recorder *record.Recorder
	handler  http.Handler
	requests requests
	stop     context.CancelFunc // ends watches
	close    sync.Once

	mu      sync.Mutex // guards what follows
	address string     // where the server listens, and will listen again
	network *network   // nil while the server is stopped
}

// NewServer starts a server, which runs until Close. It serves when NewServer returns.
func NewServer(opts ...Option) (*Server, error) {
	o := options{tokens: map[string]User{}, authorizer: access.AllowKnown{}, now: time.Now, record: record.Options{Limit: 10_000, Frames: -1}}
	var errs []error
	for _, option := range opts {
		errs = append(errs, option(&o))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("apiservertest: %w", err)
	}
	s, err := newServer(o)
	if err != nil {
		return nil, fmt.Errorf("apiservertest: %w", err)
	}
	return s, nil
}

func newServer(o options) (*Server, error) {
	s := &Server{options: o}
	var err error
	if s.certificates, err = newCertificates(o.now); err != nil {
		return nil, err
	}
	authenticator := access.NewAuthenticator(o.tokens, s.clientRoots(), o.now)
	stopping, stop := context.WithCancel(context.Background())
	s.stop = stop
	if s.machinery, err = newMachinery(stopping, &o, authenticator); err != nil {
		stop()
		return nil, err
	}
	s.install(&o)
	if err := s.Start(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// install makes the handler of all requests.
func (s *Server) install(o *options) {
	user := func(r *http.Request) string {
		u, err := s.authenticator.Authenticate(r)
		if err != nil {
			return ""
		}
		return u.Name
	}
	o.record.User = user
	s.recorder = record.New(o.record)
	s.faults = fault.New(fault.Options{Seed: o.seed, User: user, Kind: s.kindOfResource, Hit: record.Note})
	api := s.recorder.Wrap(s.faults.Wrap(s.routes(o)))
	s.handler = s.requests.count(api, endpoint.Fail(s.codec))
}

// URL is the address of the server: https, a host and perhaps a port. It stays the same when the server is stopped and started.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "https://" + s.address
}

// Handler is what answers requests, for tests without a connection. Its clients are not known by a certificate, only by a token.
func (s *Server) Handler() http.Handler { return s.handler }

// Faults makes the server fail, by rules that say how and to which requests: see package fault.
func (s *Server) Faults() *fault.Injector { return s.faults }

// Record has the requests that the server got, and what became of them: see package record.
func (s *Server) Record() *record.Recorder { return s.recorder }

// Close ends the server: watches end as they do when a kube-apiserver shuts down, connections are closed, and when it returns no
// request is being answered. The objects are gone. It may be called more than once.
func (s *Server) Close() {
	s.close.Do(func() {
		s.stop()
		s.requests.drain(closeGrace)
		s.faults.Close()
		s.Stop()
		s.requests.close()
		s.machinery.close()
	})
}

// closeGrace is how long requests may take that are being answered when the server is closed. Then their connections are closed.
const closeGrace = time.Second

// TB is what NewServerForTest needs of a testing.T, testing.B or testing.F.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// NewServerForTest is NewServer for a test, which it fails if the server does not start. The server is closed when the test and its
// subtests are over.
func NewServerForTest(t TB, opts ...Option) *Server {
	t.Helper()
	s, err := NewServer(opts...)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	t.Cleanup(s.Close)
	return s
}
