package apiserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
)

// etcd is the one etcd of a cluster. It speaks TLS and asks for a client certificate of
// an authority of its own: so no other user of the machine reads or writes around RBAC,
// and whoever answers on its port is the process that we started.
type etcd struct {
	process *process
	port    int
	client  *http.Client // for the JSON gateway
}

// startEtcd starts etcd with its data in the cluster's directory and waits until it
// answers.
func (c *Cluster) startEtcd(ctx context.Context, binary string) error {
	client, err := c.etcdHTTPClient()
	if err != nil {
		return err
	}
	for range portAttempts {
		err = c.tryEtcd(ctx, binary, client)
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return err
}

// tryEtcd is one attempt to start etcd, on a port of its own choice.
func (c *Cluster) tryEtcd(ctx context.Context, binary string, client *http.Client) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	url := "https://" + hostPort(port)
	p, err := startProcess("etcd", binary, []string{
		"--name=kubewright",
		"--data-dir=" + filepath.Join(c.dir, "etcd-data"),
		"--listen-client-urls=" + url,
		"--advertise-client-urls=" + url,
		"--listen-peer-urls=http://" + loopback + ":0", // there are no peers
		"--client-cert-auth=true",
		"--trusted-ca-file=" + c.path(etcdCAFile),
		"--cert-file=" + c.path(etcdCertFile),
		"--key-file=" + c.path(etcdKeyFile),
		"--log-level=warn",
		"--unsafe-no-fsync=true", // nobody needs the data after a crash of the machine
	}, c.path("etcd.log"), c.opts.Logs)
	if err != nil {
		return err
	}
	c.etcd = &etcd{process: p, port: port, client: client}
	err = p.await(ctx, c.opts.StartTimeout, func(ctx context.Context) error {
		_, err := c.etcd.revision(ctx)
		return err
	})
	if err != nil {
		p.kill()
	}
	return err
}

// etcdHTTPClient returns a client with the certificate that etcd asks for.
func (c *Cluster) etcdHTTPClient() (*http.Client, error) {
	pair, err := tls.LoadX509KeyPair(c.path(etcdCertFile), c.path(etcdKeyFile))
	if err != nil {
		return nil, fmt.Errorf("load etcd's certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c.etcdCA.cert)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs:      roots,
		Certificates: []tls.Certificate{pair},
		MinVersion:   tls.VersionTLS12,
	}}}, nil
}

func (e *etcd) stop() {
	e.process.kill()
	e.client.CloseIdleConnections()
}

// revision returns etcd's current revision, which is Kubernetes' newest
// resourceVersion.
func (e *etcd) revision(ctx context.Context) (int64, error) {
	var answer struct {
		Header struct{ Revision string } // JSON spells an int64 as a string
	}
	// The key is one zero byte; the answer's header is all that matters.
	if err := e.call(ctx, "/v3/kv/range", map[string]any{"key": []byte{0}}, &answer); err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer.Header.Revision, 10, 64)
}

// call sends one request to etcd's JSON gateway.
func (e *etcd) call(ctx context.Context, path string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	url := "https://" + hostPort(e.port) + path
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err = io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd answers %s to %s: %s", resp.Status, path, bytes.TrimSpace(data))
	}
	return json.Unmarshal(data, answer)
}

// CompactNow removes the history from etcd and returns the revision at which it begins
// from now on, the current one: etcd can answer no read at an older resourceVersion and
// start no watch whose next event is older. So for a client to miss something, make two
// writes or more after the resourceVersion that the client holds. CompactNow returns
// when the data is physically removed.
//
// A running kube-apiserver still answers from its watch cache, which holds the events
// that it has seen. For a client to get 410 Gone, either stop the servers, compact, and
// start them; or run them with the flag --watch-cache=false, whose servers ask etcd.
func (c *Cluster) CompactNow(ctx context.Context) (revision int64, err error) {
	revision, err = c.etcd.revision(ctx)
	if err != nil {
		return 0, fmt.Errorf("compact etcd: %w", err)
	}
	request := map[string]any{"revision": strconv.FormatInt(revision, 10), "physical": true}
	var answer struct{}
	if err := c.etcd.call(ctx, "/v3/kv/compaction", request, &answer); err != nil {
		return 0, fmt.Errorf("compact etcd at revision %d: %w", revision, err)
	}
	return revision, nil
}
