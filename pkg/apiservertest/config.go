package apiservertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/clientcmd"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// admin is the user of Config and Kubeconfig.
const admin = "admin"

// Config returns a configuration for clients of the server, as the user "admin" of group system:masters. There is no rate limit.
func (s *Server) Config() *rest.Config { return s.ConfigFor(admin, access.Masters) }

// ConfigFor returns a configuration for clients of the server as the named user, who is in these groups, with a token that was made
// for it.
func (s *Server) ConfigFor(user string, groups ...string) *rest.Config {
	return &rest.Config{
		Host:            s.URL(),
		BearerToken:     s.newToken(user, groups),
		TLSClientConfig: rest.TLSClientConfig{CAData: s.current().PEM()},
		Dial:            s.dial(),
		QPS:             -1,
	}
}

// ConfigWithCertificate is ConfigFor with a client certificate instead of a token.
func (s *Server) ConfigWithCertificate(user string, groups ...string) (*rest.Config, error) {
	authority := s.current()
	cert, key, err := authority.Client(user, groups...)
	if err != nil {
		return nil, fmt.Errorf("apiservertest: %w", err)
	}
	return &rest.Config{
		Host:            s.URL(),
		TLSClientConfig: rest.TLSClientConfig{CAData: authority.PEM(), CertData: cert, KeyData: key},
		Dial:            s.dial(),
		QPS:             -1,
	}, nil
}

// Kubeconfig returns a kubeconfig file for other clients of the server, such as kubectl, as the user of Config. With
// WithInMemoryNetwork, none can reach it.
func (s *Server) Kubeconfig() []byte {
	const name = "apiservertest"
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{Server: s.URL(), CertificateAuthorityData: s.current().PEM()}
	config.AuthInfos[admin] = &api.AuthInfo{Token: s.newToken(admin, []string{access.Masters})}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: admin}
	config.CurrentContext = name
	text, err := clientcmd.Write(*config)
	if err != nil {
		panic(fmt.Sprintf("apiservertest: a kubeconfig of plain values cannot be written: %v", err))
	}
	return text
}

// RevokeToken makes a token nobody's, as if it had expired: who sends it gets 401.
func (s *Server) RevokeToken(token string) { s.authenticator.SetToken(token, nil) }

func (s *Server) newToken(user string, groups []string) string {
	token := rand.Text()
	s.authenticator.SetToken(token, &User{Name: user, Groups: groups})
	return token
}

// dial returns what connects clients to the server; nil is the usual way.
func (s *Server) dial() func(ctx context.Context, network, address string) (net.Conn, error) {
	if !s.options.inMemory {
		return nil
	}
	return s.dialMemory
}
