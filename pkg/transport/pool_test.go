package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
	"weak"
)

// pooled returns a round tripper of p.
func pooled(t *testing.T, p *Pool, config *Config) http.RoundTripper {
	t.Helper()
	rt, err := p.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup((&http.Client{Transport: rt}).CloseIdleConnections)
	return rt
}

// transportOf returns what rt has its connections from.
func transportOf(t *testing.T, rt http.RoundTripper) *handle {
	t.Helper()
	for {
		if h, ok := rt.(*handle); ok {
			return h
		}
		outer, ok := rt.(interface{ WrappedRoundTripper() http.RoundTripper })
		if !ok {
			t.Fatalf("%T has no transport of this package", rt)
		}
		rt = outer.WrappedRoundTripper()
	}
}

// size is the number of transports that p knows.
func (p *Pool) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.entries)
}

func TestPoolSharesConnectionsBetweenClients(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	cert, key := ca.issue("one")
	config := func() *Config {
		return &Config{TLS: TLSConfig{CAData: ca.pem(), CertData: bytes.Clone(cert), KeyData: bytes.Clone(key)}}
	}
	var p Pool
	clientset, dynamic, elsewhere := pooled(t, &p, config()), pooled(t, &p, config()), pooled(t, new(Pool), config())
	for range 3 {
		expectIdentity(t, clientset, server.URL, "one")
		expectIdentity(t, dynamic, server.URL, "one")
	}
	if all, _ := server.connections(); all != 1 {
		t.Errorf("%d connections, want one", all)
	}
	expectIdentity(t, elsewhere, server.URL, "one")
	if all, _ := server.connections(); all != 2 {
		t.Errorf("%d connections, want another one for another pool", all)
	}
}

func TestPoolSharesNoConnectionBetweenIdentities(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	var p Pool
	for _, name := range []string{"one", "two", "", "three"} {
		config, want := &Config{TLS: TLSConfig{CAData: ca.pem()}}, "nobody"
		if name != "" {
			config, _ = certFiles(t, ca, name)
			want = name
		}
		expectIdentity(t, pooled(t, &p, config), server.URL, want)
	}
	if all, _ := server.connections(); all != 4 || p.size() != 4 {
		t.Errorf("%d connections of %d transports, want 4 of 4", all, p.size())
	}
}

// Every field of a configuration is here: with shared if two configurations that differ in it alone share connections.
func TestPoolHeedsEveryField(t *testing.T) {
	const shared, apart = true, false
	ca, otherCA := newAuthority(t, "ca"), newAuthority(t, "other")
	cert, key := ca.issue("one")
	otherCert, otherKey := ca.issue("two")
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		writeFile(t, path, string(content))
		return path
	}
	files := func() *Config {
		return &Config{TLS: TLSConfig{CAFile: file("ca", ca.pem()), CertFile: file("cert", cert), KeyFile: file("key", key), ReloadCAFiles: true, ReloadTLSFiles: true}}
	}
	data := func() *Config {
		return &Config{TLS: TLSConfig{CAData: ca.pem(), CertData: bytes.Clone(cert), KeyData: bytes.Clone(key)}}
	}
	plain := func() *Config { return &Config{} }

	missing := configFields()
	for field, test := range map[string]struct {
		base   func() *Config
		change func(*Config)
		want   bool
	}{
		"UserAgent":       {data, func(c *Config) { c.UserAgent = "x" }, shared},
		"Username":        {data, func(c *Config) { c.Username = "x" }, shared},
		"Password":        {data, func(c *Config) { c.Username, c.Password = "x", "x" }, shared},
		"BearerToken":     {data, func(c *Config) { c.BearerToken = "x" }, shared},
		"BearerTokenFile": {data, func(c *Config) { c.BearerTokenFile = file("token", []byte("x")) }, shared},
		"Impersonate":     {data, func(c *Config) { c.Impersonate.UserName = "x" }, shared},
		"Origin":          {data, func(c *Config) { c.Origin = &url.URL{Scheme: "https", Host: "x"} }, shared},
		"WrapTransport": {data, func(c *Config) {
			c.Wrap(func(rt http.RoundTripper) http.RoundTripper { return NewUserAgentRoundTripper("x", rt) })
		}, shared},
		"Credentials":        {plain, func(c *Config) { c.Credentials = &scripted{} }, apart},
		"DisableCompression": {data, func(c *Config) { c.DisableCompression = true }, apart},
		"DialHolder":         {data, func(c *Config) { c.DialHolder = &DialHolder{Dial: (&net.Dialer{}).DialContext} }, apart},
		"Proxy":              {data, func(c *Config) { c.Proxy = http.ProxyFromEnvironment }, apart},
		"Transport":          {plain, func(c *Config) { c.Transport = newHandle(&http.Transport{}) }, apart},

		"TLS.CAFile":         {files, func(c *Config) { c.TLS.CAFile = file("ca-elsewhere", ca.pem()) }, apart},
		"TLS.CertFile":       {files, func(c *Config) { c.TLS.CertFile = file("cert-elsewhere", cert) }, apart},
		"TLS.KeyFile":        {files, func(c *Config) { c.TLS.KeyFile = file("key-elsewhere", key) }, apart},
		"TLS.ReloadTLSFiles": {files, func(c *Config) { c.TLS.ReloadTLSFiles = false }, apart},
		"TLS.ReloadCAFiles":  {files, func(c *Config) { c.TLS.ReloadCAFiles = false }, apart},
		"TLS.Insecure":       {plain, func(c *Config) { c.TLS.Insecure = true }, apart},
		"TLS.ServerName":     {data, func(c *Config) { c.TLS.ServerName = "x" }, apart},
		"TLS.CAData":         {data, func(c *Config) { c.TLS.CAData = otherCA.pem() }, apart},
		"TLS.CertData":       {data, func(c *Config) { c.TLS.CertData, c.TLS.KeyData = otherCert, otherKey }, apart},
		"TLS.KeyData":        {data, func(c *Config) { c.TLS.KeyData = append(bytes.Clone(key), '\n') }, apart},
		"TLS.NextProtos":     {data, func(c *Config) { c.TLS.NextProtos = []string{"h2"} }, apart},
		"TLS.GetCertHolder": {plain, func(c *Config) {
			c.TLS.GetCertHolder = &GetCertHolder{GetCert: func() (*tls.Certificate, error) { return nil, nil }}
		}, apart},

		// What is no field of its own.
		"nothing, with data":            {data, func(*Config) {}, shared},
		"nothing, with files":           {files, func(*Config) {}, shared},
		"nothing at all":                {plain, func(*Config) {}, shared},
		"new content of the CA":         {files, func(c *Config) { file("ca", otherCA.pem()) }, apart},
		"new content of cert and key":   {files, func(c *Config) { file("cert", otherCert); file("key", otherKey) }, apart},
		"a file that data wins over":    {data, func(c *Config) { c.TLS.CAFile = "/no/such/file" }, shared},
		"an empty DialHolder":           {data, func(c *Config) { c.DialHolder = &DialHolder{} }, shared},
		"credentials that are not used": {data, func(c *Config) { c.Credentials, c.BearerToken = &scripted{}, "x" }, shared},
	} {
		t.Run(field, func(t *testing.T) {
			var p Pool
			changed := test.base()
			rt := pooled(t, &p, test.base())
			test.change(changed)
			if got := transportOf(t, rt) == transportOf(t, pooled(t, &p, changed)); got != test.want {
				t.Errorf("shared: %v, want %v", got, test.want)
			}
			if field == "Transport" {
				return
			}
			first, second := transportOf(t, pooled(t, &p, changed)), transportOf(t, pooled(t, &p, changed))
			if own := slices.Contains([]string{"Credentials", "DialHolder", "Proxy", "TLS.GetCertHolder"}, field); (first != second) != own {
				t.Errorf("two of the same configuration are apart: %v, want %v", first != second, own)
			}
			runtime.KeepAlive(rt)
		})
		delete(missing, field)
	}
	for field := range missing {
		t.Errorf("field %s is not in the table: if connections depend on it, poolKey needs it", field)
	}
}

// configFields returns the names of the fields of Config and, as TLS.Field, of TLSConfig.
func configFields() map[string]bool {
	names := map[string]bool{}
	for field := range reflect.TypeFor[Config]().Fields() {
		names[field.Name] = true
	}
	delete(names, "TLS")
	for field := range reflect.TypeFor[TLSConfig]().Fields() {
		names["TLS."+field.Name] = true
	}
	return names
}

func TestPoolHeedsTheEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"HTTPS_PROXY": "http://proxy.example", "https_proxy": "http://proxy.example", "HTTP_PROXY": "http://proxy.example",
		"http_proxy": "http://proxy.example", "NO_PROXY": "10.0.0.0/8", "no_proxy": "10.0.0.0/8",
		"DISABLE_HTTP2": "1", "HTTP2_READ_IDLE_TIMEOUT_SECONDS": "1", "HTTP2_PING_TIMEOUT_SECONDS": "1",
	} {
		t.Run(name, func(t *testing.T) {
			var p Pool
			t.Setenv(name, "")
			before := pooled(t, &p, &Config{})
			t.Setenv(name, value)
			if transportOf(t, before) == transportOf(t, pooled(t, &p, &Config{})) {
				t.Error("shared with a transport that was made before the variable was set")
			}
		})
	}
}

// A pool refuses what New refuses, whatever it has made before.
func TestPoolRefusesWhatNewRefuses(t *testing.T) {
	ca := newAuthority(t, "ca")
	cert, _ := ca.issue("one")
	var p Pool
	rt := pooled(t, &p, &Config{TLS: TLSConfig{CAData: ca.pem()}})
	for _, config := range []*Config{
		{TLS: TLSConfig{CAData: ca.pem(), Insecure: true}},
		{TLS: TLSConfig{CAData: ca.pem(), CertData: cert}},
		{TLS: TLSConfig{CAFile: "/no/such/file"}},
		{TLS: TLSConfig{CAFile: "/no/such/file", Insecure: true}},
		{TLS: TLSConfig{CAData: []byte("junk")}},
		{TLS: TLSConfig{CAData: ca.pem()}, Username: "u", BearerToken: "t"},
		{TLS: TLSConfig{CAData: ca.pem()}, Transport: http.DefaultTransport},
	} {
		_, want := New(config)
		_, got := p.New(config)
		if want == nil || got == nil || got.Error() != want.Error() {
			t.Errorf("error %v, want %v", got, want)
		}
	}
	if p.size() != 1 {
		t.Errorf("%d transports, want one", p.size())
	}
	runtime.KeepAlive(rt)
}

func TestSharedTransportIsCollectedWithItsLastClient(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, _ := certFiles(t, ca, "one")
	var p Pool
	var last http.RoundTripper
	h := forgotten(t, func() http.RoundTripper {
		for range 10 {
			rt, err := p.New(config)
			if err != nil {
				t.Fatal(err)
			}
			expectIdentity(t, rt, server.URL, "one")
			last = rt
		}
		return last
	})
	for range 3 {
		runtime.GC()
	}
	expectIdentity(t, last, server.URL, "one")
	if all, _ := server.connections(); all != 1 || p.size() != 1 {
		t.Errorf("%d connections, %d transports, want one that is kept by the last client", all, p.size())
	}
	last = nil
	expectCollected(t, h, server, 0)
	waitFor(t, func() bool { return p.size() == 0 })

	expectIdentity(t, pooled(t, &p, config), server.URL, "one") // and another one can be had
}

// k8s#109289, #118703, #125818: caches of transports that grow with each rotated certificate, dial function and client.
func TestPoolForgetsTenThousandRotatedConfigurations(t *testing.T) {
	ca := newAuthority(t, "ca")
	cert, key := ca.issue("one")
	var p Pool
	for i := range 10_000 {
		config := &Config{TLS: TLSConfig{CAData: fmt.Appendf(ca.pem(), "# rotated %d times", i), CertData: cert, KeyData: key}}
		if i%2 == 0 {
			config.DialHolder = &DialHolder{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no network") }}
		}
		if _, err := p.New(config); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, func() bool {
		runtime.GC()
		return p.size() == 0
	})
}

// Clients come and go while the collector runs: none gets a transport that does not work, or that of another identity.
func TestPoolUnderRaceWithTheCollector(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	configs := map[string]*Config{}
	for _, name := range []string{"one", "two"} {
		configs[name], _ = certFiles(t, ca, name)
	}
	var p Pool
	var wg sync.WaitGroup
	for range 4 {
		for name, config := range configs {
			wg.Go(func() {
				for range 20 {
					rt, err := p.New(config)
					if err != nil {
						t.Error(err)
						return
					}
					expectIdentity(t, rt, server.URL, name)
					runtime.GC()
				}
			})
		}
	}
	wg.Wait()
	waitFor(t, func() bool {
		runtime.GC()
		_, open := server.connections()
		return p.size() == 0 && open == 0
	})
}

// The cleanup of a transport may come after another took its place.
func TestPoolForgetsNoSuccessor(t *testing.T) {
	var p Pool
	rt := pooled(t, &p, &Config{})
	key, _ := poolKeyOf(&Config{})
	p.forget(key, weak.Make(newHandle(&http.Transport{})))
	if transportOf(t, rt) != transportOf(t, pooled(t, &p, &Config{})) {
		t.Error("the cleanup of another transport removed the one in use")
	}
}

func TestClosingIdleConnectionsLeavesOthersTheirRequests(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/2": true, "HTTP/1.1": false} {
		t.Run(name, func(t *testing.T) {
			ca := newAuthority(t, "ca")
			server := newIdentityServer(t, ca, http2)
			config := &Config{TLS: TLSConfig{CAData: ca.pem()}}
			var p Pool
			busy, idle := pooled(t, &p, config), pooled(t, &p, config)
			held, err := busy.RoundTrip(getRequest(t, server.URL+"/held"))
			if err != nil {
				t.Fatal(err)
			}
			defer held.Body.Close()
			(&http.Client{Transport: idle}).CloseIdleConnections()
			close(server.hold)
			if body, err := io.ReadAll(held.Body); err != nil || string(body) != "nobody still nobody" {
				t.Errorf("answer %q, %v", body, err)
			}
			expectIdentity(t, busy, server.URL, "nobody")
		})
	}
}
