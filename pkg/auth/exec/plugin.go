package exec

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/metrics"
	"github.com/kubewright/kubewright/pkg/transport"
)

const (
	// runTimeout is how long a plugin may take.
	runTimeout = time.Minute
	// interactiveTimeout is how long a plugin may take that talks to a person.
	interactiveTimeout = 10 * time.Minute
)

// plugin runs one command. It is immutable, but for what fetch remembers.
type plugin struct {
	config  *api.ExecConfig
	cluster *clientauthentication.Cluster // nil unless the plugin is to be told

	timeout    time.Duration // runTimeout
	isTerminal func() bool   // stdinIsTerminal
	stdin      io.Reader     // os.Stdin
	stderr     io.Writer     // os.Stderr

	// What follows belongs to fetch, which is called by one goroutine at a time.

	certificate *tls.Certificate // the last one, nil if there was none
	madeFrom    [sha256.Size]byte
}

func newPlugin(config *api.ExecConfig, cluster *clientauthentication.Cluster) (*plugin, error) {
	p := &plugin{config: config.DeepCopy(), timeout: runTimeout, isTerminal: stdinIsTerminal, stdin: os.Stdin, stderr: os.Stderr}
	if config.Command == "" {
		return nil, errors.New("exec plugin: no command is set")
	}
	if config.APIVersion != v1Version && config.APIVersion != v1beta1Version {
		return nil, fmt.Errorf("exec plugin %q: invalid apiVersion %q: want %q or %q", config.Command, config.APIVersion, v1Version, v1beta1Version)
	}
	if err := ValidatePluginPolicy(config.PluginPolicy); err != nil {
		return nil, err
	}
	if err := checkInteractiveMode(p.config); err != nil {
		return nil, err
	}
	if config.ProvideClusterInfo {
		if cluster == nil {
			return nil, fmt.Errorf("exec plugin %q: provideClusterInfo is set, but nothing is known of the cluster", config.Command)
		}
		p.cluster = cluster.DeepCopy()
	}
	return p, nil
}

// fetch is a refresh.Fetch. Certificates that are equal are the same pointer, so that connections survive a refresh that
// brings the same certificate again.
func (p *plugin) fetch(ctx context.Context) (transport.Credential, time.Time, error) {
	output, err := p.run(ctx)
	if err != nil {
		return transport.Credential{}, time.Time{}, err
	}
	status, err := decode(output, p.config.APIVersion)
	if err != nil {
		return transport.Credential{}, time.Time{}, p.unusable(err)
	}
	cert, err := certificate(status)
	if err != nil {
		return transport.Credential{}, time.Time{}, p.unusable(err)
	}
	if cert != nil {
		cert = p.remember(cert, sha256.Sum256([]byte(status.ClientCertificateData+"\x00"+status.ClientKeyData)))
	}
	return transport.Credential{Token: status.Token, Certificate: cert}, expiry(status, cert), nil
}

// remember returns cert or, if that is made from the same, the last one. It is part of fetch.
func (p *plugin) remember(cert *tls.Certificate, madeFrom [sha256.Size]byte) *tls.Certificate {
	if p.certificate != nil && p.madeFrom == madeFrom {
		return p.certificate
	}
	if p.certificate != nil {
		metrics.ClientCertRotationAge.Observe(time.Since(p.certificate.Leaf.NotBefore))
	}
	metrics.ClientCertExpiry.Set(&cert.Leaf.NotAfter)
	p.certificate, p.madeFrom = cert, madeFrom
	return cert
}

func (p *plugin) unusable(err error) error {
	return fmt.Errorf("exec plugin %q gave no credential: %w", p.config.Command, err)
}

// run runs the command and returns its standard output. It returns soon after ctx is done.
func (p *plugin) run(ctx context.Context) ([]byte, error) {
	path, err := resolve(p.config.Command)
	if err != nil {
		metrics.ExecPluginCalls.Increment(1, "pluginNotFoundError")
		return nil, err
	}
	if err := allow(p.config.PluginPolicy, p.config.Command, path); err != nil {
		return nil, err
	}
	interactive, err := p.interactive()
	if err != nil {
		return nil, err
	}
	env, err := p.environment(interactive)
	if err != nil {
		return nil, err
	}
	if !interactive {
		return p.execute(ctx, path, env, p.timeout, ownProcessGroup)
	}
	release, err := takeTerminal(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return p.execute(ctx, path, env, interactiveTimeout, func(cmd *exec.Cmd) { cmd.Stdin, cmd.Stderr = p.stdin, p.stderr })
}

// environment returns that of this process with what is configured and the ExecCredential.
func (p *plugin) environment(interactive bool) ([]string, error) {
	info, err := encode(clientauthentication.ExecCredentialSpec{Interactive: interactive, Cluster: p.cluster}, p.config.APIVersion)
	if err != nil {
		return nil, fmt.Errorf("exec plugin %q: %w", p.config.Command, err)
	}
	env := os.Environ()
	for _, v := range p.config.Env {
		env = append(env, v.Name+"="+v.Value)
	}
	return append(env, infoVariable+"="+string(info)), nil // of two of the same name the last counts
}
