package transport

import (
	"io"
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

// forgotten uses what make returns, and forgets it.
func forgotten(t *testing.T, use func() http.RoundTripper) weak.Pointer[handle] {
	t.Helper()
	return weak.Make(transportOf(t, use()))
}

// expectCollected waits until nobody holds a transport, and its connections to server, all but those of others, are closed.
func expectCollected(t *testing.T, h weak.Pointer[handle], server *identityServer, others int) {
	t.Helper()
	waitFor(t, func() bool {
		runtime.GC()
		_, open := server.connections()
		return h.Value() == nil && open == others
	})
}

func TestIdleConnectionsOfAClientThatNobodyUsesAreClosed(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/2": true, "HTTP/1.1": false} {
		t.Run(name, func(t *testing.T) {
			ca := newAuthority(t, "ca")
			server := newIdentityServer(t, ca, http2)
			expectCollected(t, forgotten(t, func() http.RoundTripper {
				rt, err := New(&Config{TLS: TLSConfig{CAData: ca.pem()}})
				if err != nil {
					t.Fatal(err)
				}
				expectIdentity(t, rt, server.URL, "nobody")
				return rt
			}), server, 0)
		})
	}
}

func TestEveryGenerationOfAClientThatNobodyUsesIsCollected(t *testing.T) {
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	config, write := certFiles(t, ca, "one")
	expectCollected(t, forgotten(t, func() http.RoundTripper {
		rt, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		expectIdentity(t, rt, server.URL, "one")
		write("two")
		due(innermost(t, rt).cert)
		expectIdentity(t, rt, server.URL, "two")
		return rt
	}), server, 0)
}

// An answer may outlive the client that it was got with.
func TestOpenAnswerKeepsTheTransportOfAClientThatNobodyUses(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/2": true, "HTTP/1.1": false} {
		t.Run(name, func(t *testing.T) {
			ca := newAuthority(t, "ca")
			server := newIdentityServer(t, ca, http2)
			var held *http.Response
			h := forgotten(t, func() http.RoundTripper {
				rt, err := New(&Config{TLS: TLSConfig{CAData: ca.pem()}})
				if err != nil {
					t.Fatal(err)
				}
				if held, err = rt.RoundTrip(getRequest(t, server.URL+"/held")); err != nil {
					t.Fatal(err)
				}
				return rt
			})
			for range 3 {
				runtime.GC()
			}
			if h.Value() == nil {
				t.Error("the transport is gone while an answer is open")
			}
			close(server.hold)
			if body, err := io.ReadAll(held.Body); err != nil || string(body) != "nobody still nobody" {
				t.Errorf("answer %q, %v", body, err)
			}
			if err := held.Body.Close(); err != nil {
				t.Error(err)
			}
			held = nil
			expectCollected(t, h, server, 0)
		})
	}
}
