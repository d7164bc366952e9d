package transport

import (
	"testing"
	"time"
)

func TestHTTP2SettingsFromTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name, idle, ping   string
		wantIdle, wantPing time.Duration
	}{
		{"default", "", "", 30 * time.Second, 15 * time.Second},
		{"both set", "7", "3", 7 * time.Second, 3 * time.Second},
		{"pings turned off", "0", "", 0, 15 * time.Second},
		{"no numbers", "soon", "-1", 30 * time.Second, 15 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("HTTP2_READ_IDLE_TIMEOUT_SECONDS", test.idle)
			t.Setenv("HTTP2_PING_TIMEOUT_SECONDS", test.ping)
			got := transportBuilder(&Config{})(nil).HTTP2
			if got.SendPingTimeout != test.wantIdle || got.PingTimeout != test.wantPing {
				t.Errorf("%+v, want a ping after %v and to wait %v for the answer", got, test.wantIdle, test.wantPing)
			}
		})
	}
}

func TestHTTP2TurnedOffByTheEnvironment(t *testing.T) {
	t.Setenv("DISABLE_HTTP2", "1")
	ca := newAuthority(t, "ca")
	server := newIdentityServer(t, ca, true)
	rt := newRT(t, &Config{TLS: TLSConfig{CAData: ca.pem(), NextProtos: []string{"h2", "http/1.1"}}})
	resp, err := rt.RoundTrip(getRequest(t, server.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Proto != "HTTP/1.1" {
		t.Errorf("protocol %s", resp.Proto)
	}
}
