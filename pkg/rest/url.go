package rest

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// DefaultServerURL returns the base URL of the server that host names, and the path of groupVersion below it. host is a
// host, a host:port, or a URL with scheme http or https; without a scheme, defaultTLS chooses between them. Group and version must
// each be one segment of a path.
func DefaultServerURL(host, apiPath string, groupVersion schema.GroupVersion, defaultTLS bool) (*url.URL, string, error) {
	base, err := parseHost(host, defaultTLS)
	if err != nil {
		return nil, "", err
	}
	if err := errors.Join(checkName("API group", groupVersion.Group), checkName("API version", groupVersion.Version)); err != nil {
		return nil, "", err
	}
	return base, DefaultVersionedAPIPath(apiPath, groupVersion), nil
}

func parseHost(host string, defaultTLS bool) (*url.URL, error) {
	if host == "" {
		return nil, errors.New("the server's address is empty: set Host to a host, host:port or URL")
	}
	text := host
	if !strings.Contains(host, "://") {
		scheme := "http://"
		if defaultTLS {
			scheme = "https://"
		}
		text = scheme + host
	}
	base, err := url.Parse(text)
	if err != nil {
		// url.Parse repeats its input, which may have a password.
		return nil, fmt.Errorf("the server's address %q is no valid host, host:port or URL", redactURL(host))
	}
	switch {
	case base.Scheme != "http" && base.Scheme != "https":
		err = fmt.Errorf("its scheme is %q, want http or https", base.Scheme)
	case base.Hostname() == "":
		err = errors.New("it has no host name")
	case base.RawQuery != "" || base.Fragment != "":
		err = errors.New("it has a query or fragment, which makes no sense in a base URL")
	case endsInEscapedSlash(base):
		err = errors.New("its path ends in an escaped slash, which cannot be told from one that ends the path")
	}
	if err != nil {
		return nil, fmt.Errorf("the server's address %q cannot be used: %w", redactURL(host), err)
	}
	return base, nil
}

func endsInEscapedSlash(u *url.URL) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimRight(u.RawPath, "/")), "%2f")
}

// DefaultVersionedAPIPath returns the path of groupVersion below apiPath: "/api/v1" for the core group, "/apis/<group>/<version>"
// for others, and apiPath alone for an empty groupVersion.
func DefaultVersionedAPIPath(apiPath string, groupVersion schema.GroupVersion) string {
	return path.Join("/", apiPath, groupVersion.Group, groupVersion.Version)
}

// DefaultServerUrlFor is DefaultServerURL for what config says; it needs Host. Without a scheme in Host, the server is taken
// to speak TLS if config has TLS options.
func DefaultServerUrlFor(config *Config) (*url.URL, string, error) {
	t := &config.TLSClientConfig
	hasCA := t.CAFile != "" || len(t.CAData) > 0
	hasCert := t.CertFile != "" || len(t.CertData) > 0
	defaultTLS := hasCA || hasCert || t.Insecure
	host := config.Host
	if host == "" {
		host = "localhost"
	}
	var gv schema.GroupVersion
	if config.GroupVersion != nil {
		gv = *config.GroupVersion
	}
	return DefaultServerURL(host, config.APIPath, gv, defaultTLS)
}
