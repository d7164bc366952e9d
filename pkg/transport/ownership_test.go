package transport

import (
	"net/http"
	"runtime"
	"testing"
	"weak"
)

func TestClientsThatDifferInCredentialsShareNoConnection(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	for _, name := range []string{"one", "two", ""} {
		config := &Config{TLS: TLSConfig{CAData: ca.pem()}}
		want := "nobody"
		if name != "" {
			want = name
			config.TLS.CertData, config.TLS.KeyData = ca.issue(name)
		}
		expectIdentity(t, newRT(t, config), server.URL, want)
	}
	if all, _ := server.connections(); all != 3 {
		t.Errorf("%d connections, want one for each client", all)
	}
}

func TestTransportThatNobodyUsesIsCollected(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, write := certFiles(t, ca, "one")
	use := func() weak.Pointer[rotating] {
		rt, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		expectIdentity(t, rt, server.URL, "one")
		write("two")
		due(rt.(*rotating).cert)
		expectIdentity(t, rt, server.URL, "two")
		(&http.Client{Transport: rt}).CloseIdleConnections()
		return weak.Make(rt.(*rotating))
	}
	unused := use()
	waitFor(t, func() bool {
		runtime.GC()
		return unused.Value() == nil
	})
}
