package apiserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// Server is one kube-apiserver of a cluster. Its methods may be called from several
// goroutines.
type Server struct {
	cluster *Cluster
	name    string // kube-apiserver-0; names its log
	port    int    // fixed once the cluster has started

	mu      sync.Mutex // guards process and closed; held while the server starts or stops
	process *process   // nil, or ended, when the server is not running
	closed  bool       // the cluster has stopped
}

// URL is where the server is reached, for example "https://127.0.0.1:23456". It is the
// same for the server's whole life, stops and starts included.
func (s *Server) URL() string { return "https://" + hostPort(s.port) }

// LogFile is the file to which the server's output is appended, over stops and starts.
func (s *Server) LogFile() string { return s.cluster.path(s.name + ".log") }

// PID is the process ID of the running server, or 0.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isRunning() {
		return 0
	}
	return s.process.cmd.Process.Pid
}

// Start starts a server that was stopped, on its port, and returns when it is ready or
// has failed. The end of ctx ends the wait, not a server that is ready.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("apiserver: start %s: its cluster has stopped", s.name)
	}
	if s.isRunning() {
		return fmt.Errorf("apiserver: start %s: it is running", s.name)
	}
	// The stop of the cluster ends the wait.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.cluster.life, func() { cancel(context.Cause(s.cluster.life)) })()
	if err := s.start(ctx); err != nil {
		return fmt.Errorf("apiserver: start %s: %w", s.name, err)
	}
	return nil
}

// Stop ends the server gracefully: SIGTERM, upon which it finishes the requests in
// flight and ends the watches. When ctx ends first, the server is killed and an error
// returned. A server that is not running is no error.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isRunning() {
		return nil
	}
	return s.process.terminate(ctx)
}

// Kill ends the server at once, as a crash does: connections are cut. A server that is
// not running is left alone.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isRunning() {
		s.process.kill()
	}
}

// isRunning needs mu.
func (s *Server) isRunning() bool { return s.process != nil && s.process.running() }

// close ends the server for good.
func (s *Server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.isRunning() {
		s.process.kill()
	}
}

// startFirst starts the server on a port that it chooses and keeps.
func (s *Server) startFirst(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for range portAttempts {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.start(ctx); !errors.Is(err, errPortTaken) {
			break
		}
	}
	return err
}

// start starts the process and waits until it is ready. It needs mu.
func (s *Server) start(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	c := s.cluster
	var err error
	s.process, err = startProcess(s.name, c.serverBinary, s.flags(), s.LogFile(), c.opts.Logs)
	if err != nil {
		return err
	}
	if err := s.process.await(ctx, c.opts.StartTimeout, s.ready); err != nil {
		s.process.kill()
		return err
	}
	return nil
}

// flags is the server's command line.
func (s *Server) flags() []string {
	c := s.cluster
	return append([]string{
		"--etcd-servers=https://" + hostPort(c.etcd.port),
		"--etcd-cafile=" + c.path(etcdCAFile),
		"--etcd-certfile=" + c.path(etcdCertFile),
		"--etcd-keyfile=" + c.path(etcdKeyFile),

		"--bind-address=" + loopback,
		fmt.Sprintf("--secure-port=%d", s.port),
		"--tls-cert-file=" + c.path(servingCertFile),
		"--tls-private-key-file=" + c.path(servingKeyFile),

		"--client-ca-file=" + c.path(clientCAFile),
		"--token-auth-file=" + c.path(tokenFile),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.path(serviceAccountPublicFile),
		"--service-account-signing-key-file=" + c.path(serviceAccountKeyFile),
		"--authorization-mode=RBAC",
		"--disable-admission-plugins=ServiceAccount",

		// By default the open watches hold up a graceful stop for a minute.
		"--shutdown-watch-termination-grace-period=10s",

		"--service-cluster-ip-range=" + serviceNetwork,
		// Nothing reaches the servers by way of the service "kubernetes", so its
		// endpoints are not kept; a machine without a network has no address for them.
		"--advertise-address=" + loopback,
		"--endpoint-reconciler-type=none",
	}, c.opts.serverFlags()...)
}

// ready returns nil when the server is ready and has made the namespaces that every
// cluster has.
func (s *Server) ready(ctx context.Context) error {
	for _, path := range []string{"/readyz", "/api/v1/namespaces/default", "/api/v1/namespaces/kube-system"} {
		if err := s.get(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// get returns nil when the server answers 200 to the administrator.
func (s *Server) get(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+path, nil)
	if err != nil {
		return err
	}
	s.cluster.mu.Lock()
	client := s.cluster.adminClient
	s.cluster.mu.Unlock()
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return nil
}
