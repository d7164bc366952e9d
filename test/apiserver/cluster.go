package apiserver

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Files in a cluster's directory.
const (
	etcdCAFile               = "etcd-ca.crt"
	etcdCertFile             = "etcd.crt"
	etcdKeyFile              = "etcd.key"
	servingCAFile            = "serving-ca.crt"
	servingCertFile          = "serving.crt"
	servingKeyFile           = "serving.key"
	clientCAFile             = "client-ca.crt"
	serviceAccountKeyFile    = "service-account.key"
	serviceAccountPublicFile = "service-account.pub"
	tokenFile                = "tokens.csv"
	kubeconfigFile           = "kubeconfig"
)

// serviceNetwork gives addresses to Services; the first is that of "kubernetes".
const (
	serviceNetwork      = "10.0.0.0/24"
	kubernetesServiceIP = "10.0.0.1"
)

// errStopped is why the waits of a stopped cluster end.
var errStopped = errors.New("the cluster was stopped")

// Cluster is a running etcd with its kube-apiservers. Its methods may be called from
// several goroutines.
type Cluster struct {
	opts         Options
	dir          string
	serverBinary string

	clientCA, etcdCA         *authority
	admin, adminToken, plain User

	mu          sync.Mutex // guards servingCA and adminClient, which RotateServingCA replaces
	servingCA   *authority
	adminClient *http.Client // for readiness

	etcd    *etcd
	servers []*Server

	life context.Context // ends when the cluster stops
	stop func() error    // does the work of Stop once
}

// Start builds the components if need be, starts a cluster, and returns when it is
// ready. The cluster runs until Stop is called or ctx ends, whichever is first; call
// Stop in any case, to wait for the end.
//
// When a component cannot be built or does not start, the error holds the last lines of
// its output, and nothing that was started is left.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	binaries, err := ensureBinaries(ctx, opts.Progress, components()...)
	if err != nil {
		return nil, fmt.Errorf("apiserver: %w", err)
	}
	dir, err := os.MkdirTemp("", "kubewright-apiserver-")
	if err != nil {
		return nil, fmt.Errorf("apiserver: %w", err)
	}
	c := &Cluster{opts: opts, dir: dir, serverBinary: binaries[kubeAPIServer]}
	life, end := context.WithCancelCause(ctx)
	c.life = life
	c.stop = sync.OnceValue(func() error {
		end(errStopped)
		return c.shutDown()
	})
	if err := c.start(binaries[etcdServer]); err != nil {
		return nil, fmt.Errorf("apiserver: %w", errors.Join(err, c.stop()))
	}
	context.AfterFunc(life, func() { _ = c.stop() }) // the caller's Stop gets the error
	return c, nil
}

// start makes the files of the cluster and starts its processes.
func (c *Cluster) start(etcdBinary string) error {
	if err := c.makeFiles(); err != nil {
		return err
	}
	if err := c.makeUsers(); err != nil {
		return err
	}
	var err error
	if c.adminClient, err = c.HTTPClient(c.admin); err != nil {
		return err
	}
	if err := c.startEtcd(c.life, etcdBinary); err != nil {
		return err
	}
	// One after the other: the first writes what every cluster begins with.
	for i := range c.opts.Servers {
		s := &Server{cluster: c, name: fmt.Sprintf("%s-%d", kubeAPIServer, i)}
		c.servers = append(c.servers, s)
		if err := s.startFirst(c.life); err != nil {
			return err
		}
	}
	return c.Server(0).WriteKubeconfig(c.Kubeconfig())
}

// makeFiles makes the authorities and writes the certificates and keys that the
// processes read.
func (c *Cluster) makeFiles() error {
	for name, ca := range map[string]**authority{"serving": &c.servingCA, "client": &c.clientCA, "etcd": &c.etcdCA} {
		var err error
		if *ca, err = newAuthority("kubewright-" + name); err != nil {
			return err
		}
	}
	etcdCert, etcdKey, err := c.etcdCA.issueServer("etcd", []string{loopback}, true)
	if err != nil {
		return err
	}
	servingCert, servingKey, err := issueServing(c.servingCA)
	if err != nil {
		return err
	}
	serviceAccountKey, serviceAccountPublic, err := newSigningKey()
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		etcdCAFile:               c.etcdCA.certPEM,
		etcdCertFile:             etcdCert,
		etcdKeyFile:              etcdKey,
		servingCAFile:            c.servingCA.certPEM,
		servingCertFile:          servingCert,
		servingKeyFile:           servingKey,
		clientCAFile:             c.clientCA.certPEM,
		serviceAccountKeyFile:    serviceAccountKey,
		serviceAccountPublicFile: serviceAccountPublic,
	} {
		if err := os.WriteFile(c.path(name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// issueServing returns the certificate of all kube-apiservers.
func issueServing(ca *authority) (certPEM, keyPEM []byte, err error) {
	return ca.issueServer("kube-apiserver", []string{
		loopback, "localhost", kubernetesServiceIP, "kubernetes", "kubernetes.default",
		"kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
	}, false)
}

// newSigningKey returns the key pair of service account tokens.
func newSigningKey() (private, public []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make the service account key: %w", err)
	}
	if private, err = encodeKey(key); err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, nil, fmt.Errorf("encode the service account key: %w", err)
	}
	return private, encodePEM("PUBLIC KEY", der), nil
}

// Stop ends every process of the cluster and removes its directory. The processes are
// killed, as nothing of theirs outlives the cluster. Every call after the first waits
// for the first and returns the same.
func (c *Cluster) Stop() error { return c.stop() }

func (c *Cluster) shutDown() error {
	for _, s := range c.servers {
		s.close()
	}
	if c.etcd != nil {
		c.etcd.stop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.adminClient != nil {
		c.adminClient.CloseIdleConnections()
	}
	if c.opts.KeepDir {
		fmt.Fprintf(c.opts.Progress, "apiserver: kept %s\n", c.dir)
		return nil
	}
	if err := os.RemoveAll(c.dir); err != nil {
		return fmt.Errorf("apiserver: %w", err)
	}
	return nil
}

// Done is closed when the cluster begins to stop.
func (c *Cluster) Done() <-chan struct{} { return c.life.Done() }

// Server returns the i-th kube-apiserver, from 0 to Options.Servers-1.
func (c *Cluster) Server(i int) *Server { return c.servers[i] }

// Servers returns all kube-apiservers.
func (c *Cluster) Servers() []*Server { return slices.Clone(c.servers) }

// CA returns the PEM certificate of the authority that signed the servers' certificates.
func (c *Cluster) CA() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.servingCA.certPEM)
}

// Kubeconfig is the path of a kubeconfig for the first server, with the contexts
// "admin" (current), "admin-token" and "plain". It goes with the cluster. For another
// server or other users see [Server.WriteKubeconfig].
func (c *Cluster) Kubeconfig() string { return c.path(kubeconfigFile) }

// Dir is the cluster's directory: logs, certificates and keys, etcd's data.
func (c *Cluster) Dir() string { return c.dir }

func (c *Cluster) path(name string) string { return filepath.Join(c.dir, name) }
