package clientcmd

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// validate returns all that keeps a client from being made of the choice.
func (c *choice) validate() []error {
	errs := c.errs
	if len(errs) == 0 || c.cluster.Server != "" {
		errs = append(errs, prefixed("cluster", c.context.Cluster, clusterErrors(&c.cluster))...)
	}
	return append(errs, prefixed("user", c.context.AuthInfo, userErrors(&c.user))...)
}

func prefixed(what, name string, errs []error) []error {
	for i, err := range errs {
		errs[i] = within(what, name, err)
	}
	return errs
}

func clusterErrors(c *api.Cluster) (errs []error) {
	if c.Server == "" {
		errs = append(errs, fmt.Errorf("%w: set server to the API server's URL", ErrEmptyCluster))
	}
	hasCA := c.CertificateAuthority != "" || len(c.CertificateAuthorityData) > 0
	if hasCA && c.InsecureSkipTLSVerify {
		errs = append(errs, errors.New("insecure-skip-tls-verify is set together with a certificate authority: remove one of them"))
	}
	if len(c.CertificateAuthorityData) == 0 {
		errs = append(errs, readable("certificate-authority", c.CertificateAuthority)...)
	}
	if c.ProxyURL != "" {
		if _, err := parseProxyURL(c.ProxyURL); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

func userErrors(u *api.AuthInfo) (errs []error) {
	hasCert := u.ClientCertificate != "" || len(u.ClientCertificateData) > 0
	hasKey := u.ClientKey != "" || len(u.ClientKeyData) > 0
	switch {
	case hasCert && !hasKey:
		errs = append(errs, errors.New("client-certificate is set without its key: set client-key or client-key-data"))
	case hasKey && !hasCert:
		errs = append(errs, errors.New("client-key is set without its certificate: set client-certificate or client-certificate-data"))
	}
	if len(u.ClientCertificateData) == 0 {
		errs = append(errs, readable("client-certificate", u.ClientCertificate)...)
	}
	if len(u.ClientKeyData) == 0 {
		errs = append(errs, readable("client-key", u.ClientKey)...)
	}
	if u.Token == "" {
		errs = append(errs, readable("tokenFile", u.TokenFile)...)
	}
	if (u.Token != "" || u.TokenFile != "") && u.Username != "" {
		errs = append(errs, errors.New("both a token and a username are set, of which only one can be sent: remove one of them"))
	}
	if u.Exec != nil {
		errs = append(errs, fmt.Errorf("exec: the credential plugin %q is not supported by this version of Kubewright yet: use a token, a token file or a client certificate", u.Exec.Command))
	}
	if u.AuthProvider != nil {
		errs = append(errs, fmt.Errorf("auth-provider: the credential plugin %q is not supported by this version of Kubewright yet: use a token, a token file or a client certificate", u.AuthProvider.Name))
	}
	if u.Impersonate == "" && (u.ImpersonateUID != "" || len(u.ImpersonateGroups) > 0 || len(u.ImpersonateUserExtra) > 0) {
		errs = append(errs, errors.New("as-uid, as-groups or as-user-extra is set without as: impersonation needs a user name"))
	}
	return errs
}

// readable checks that the file that a field names can be read.
func readable(field, path string) []error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return []error{fmt.Errorf("unable to read %s: %w", field, err)}
	}
	_ = f.Close()
	return nil
}

// parseProxyURL does not repeat its argument in errors: it may have a password.
func parseProxyURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, errors.New("proxy-url is no valid URL with scheme and host")
	}
	switch u.Scheme {
	case "http", "https", "socks5":
		return u, nil
	}
	return nil, fmt.Errorf("proxy-url has scheme %q, want http, https or socks5", u.Scheme)
}
