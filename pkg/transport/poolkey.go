package transport

import (
	"crypto/sha256"
	"fmt"
	"os"
)

// poolKey is all that connections are made with. Those of equal (==) keys are interchangeable. It holds no secrets, only
// digests of what may be one.
type poolKey struct {
	ca, cert, key      material
	insecure           bool
	serverName         string
	nextProtos         string
	disableCompression bool
	environment        fingerprint
}

// material is the content of a certificate, key or bundle. Zero means none.
type material struct {
	content fingerprint
	file    string // which is read again; empty if it is not, so that it does not matter where content is from
}

// poolKeyOf returns the key of config. It is not ok if a transport for config cannot be shared, or not be made.
func poolKeyOf(config *Config) (key poolKey, ok bool) {
	t := &config.TLS
	if config.Transport != nil || config.Proxy != nil || config.DialHolder != nil && config.DialHolder.Dial != nil ||
		t.GetCertHolder != nil || config.hasCredentials() {
		return poolKey{}, false
	}
	key = poolKey{
		insecure:           t.Insecure,
		serverName:         t.ServerName,
		nextProtos:         fmt.Sprintf("%q", t.NextProtos),
		disableCompression: config.DisableCompression,
		environment:        environment(os.Getenv),
	}
	for _, m := range []struct {
		of      *material
		what    string
		data    []byte
		file    string
		reloads bool
	}{
		{&key.ca, "certificate authority", t.CAData, t.CAFile, t.reloadsCA()},
		{&key.cert, "client certificate", t.CertData, t.CertFile, t.reloadsCert()},
		{&key.key, "client key", t.KeyData, t.KeyFile, t.reloadsCert()},
	} {
		content, err := dataOrFile(m.what, m.data, m.file)
		if err != nil {
			return poolKey{}, false
		}
		if len(content) == 0 && m.file == "" {
			continue
		}
		m.of.content = sha256.Sum256(content)
		if m.reloads && len(m.data) == 0 {
			m.of.file = m.file
		}
	}
	return key, true
}

// environment digests the variables that transports heed. Those of a proxy may hold its password.
func environment(getenv func(string) string) fingerprint {
	digest := sha256.New()
	for _, name := range []string{
		"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD",
		"DISABLE_HTTP2", "HTTP2_READ_IDLE_TIMEOUT_SECONDS", "HTTP2_PING_TIMEOUT_SECONDS",
	} {
		fmt.Fprintf(digest, "%q", getenv(name))
	}
	return fingerprint(digest.Sum(nil))
}
