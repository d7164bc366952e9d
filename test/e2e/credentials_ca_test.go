package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/apiserver"
)

// caFileConfig is the admin's configuration, with the cluster's CA in a file.
func caFileConfig(t *testing.T, cluster *apiserver.Cluster) *rest.Config {
	t.Helper()
	config := configFor(t, cluster.Server(0), cluster.Admin())
	config.CAData, config.CAFile = nil, filepath.Join(t.TempDir(), "ca.crt")
	replaceFile(t, config.CAFile, string(cluster.CA()))
	return config
}

// getDefault asks for a namespace that is always there.
func getDefault(t *testing.T, config *rest.Config) func(context.Context) error {
	t.Helper()
	client := kubeClient(t, config)
	return func(ctx context.Context) error {
		namespace, err := client.CoreV1().Namespaces().Get(ctx, "default", metav1.GetOptions{})
		if err == nil && namespace.Name != "default" {
			t.Errorf("asked for the namespace default, got %q", namespace.Name)
		}
		return err
	}
}

// TestCredentialsCAFileRotation is how it should be done: the file has the new CA before the server needs it. No request fails.
func TestCredentialsCAFileRotation(t *testing.T) {
	t.Parallel()
	cluster := apiserver.StartForTest(t, apiserver.Options{})
	config := caFileConfig(t, cluster)
	get, client := getDefault(t, config), restClient(t, config).(*rest.RESTClient).Client
	stop := repeat(t, func(ctx context.Context) error {
		defer client.CloseIdleConnections() // so that each request meets the certificate of its time
		return get(ctx)
	})
	defer stop()

	older := cluster.CA()
	if err := cluster.RotateServingCA(func(newer []byte) { replaceFile(t, config.CAFile, string(older)+string(newer)) }); err != nil {
		t.Fatal(err)
	}
	awaitCA(t, cluster)
	for range 20 {
		if err := get(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// awaitCA waits until the server has the certificate of its new CA.
func awaitCA(t *testing.T, cluster *apiserver.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cluster.CA())
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	for {
		conn, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(cluster.Server(0).URL(), "https://"))
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the server has no certificate of its new CA: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// TestCredentialsCAFileHardRotation is about a file that comes late: requests fail while the server is away and while the CA does
// not match, and at no other time.
func TestCredentialsCAFileHardRotation(t *testing.T) {
	t.Parallel()
	cluster := apiserver.StartForTest(t, apiserver.Options{})
	config := caFileConfig(t, cluster)
	get := getDefault(t, config)

	const healthy, broken = 0, 1
	var state atomic.Int32
	var unverified, answered atomic.Int32
	stop := repeat(t, func(ctx context.Context) error {
		before := state.Load()
		err := get(ctx)
		var mismatch *tls.CertificateVerificationError
		switch {
		case err == nil:
			answered.Add(1)
			return nil
		case errors.As(err, &mismatch):
			unverified.Add(1)
		}
		if ctx.Err() == nil && before == healthy && state.Load() == healthy {
			return fmt.Errorf("a request failed though server and CA were there: %w", err)
		}
		return nil
	})
	defer stop()
	await := func(what string, counter *atomic.Int32) {
		t.Helper()
		for begin, deadline := counter.Load(), time.Now().Add(patience); counter.Load() == begin; {
			if time.Now().After(deadline) {
				t.Fatalf("there was %s", what)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}

	await("no answer", &answered)
	state.Store(broken)
	if err := cluster.Server(0).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := cluster.RotateServingCA(nil); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Server(0).Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	await("no request that refused the server", &unverified)
	replaceFile(t, config.CAFile, string(cluster.CA()))
	await("no answer after the rotation", &answered)
	state.Store(healthy)
	for range 20 {
		await("no answer", &answered)
	}
}
