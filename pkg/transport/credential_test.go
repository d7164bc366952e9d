package transport

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// gate answers 401 to every request without the bearer token that it wants, and else 200 with the request's body.
type gate struct {
	want     atomic.Pointer[string]
	requests atomic.Int64
}

func newGate(want string) *gate {
	g := &gate{}
	g.want.Store(&want)
	return g
}

func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	g.requests.Add(1)
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	code := http.StatusOK
	if req.Header.Get("Authorization") != "Bearer "+*g.want.Load() {
		code = http.StatusUnauthorized
	}
	return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader(string(body)))}, nil
}

// exchange sends a request with a body and returns the status and body of the answer.
func exchange(t *testing.T, rt http.RoundTripper, body io.Reader) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://host/", body)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(content)
}

func writeFile(t *testing.T, path string, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTokenFileRotation401IsReplayedWithTheNewToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	writeFile(t, path, one)
	server := newGate(one)
	rt, err := NewBearerAuthWithRefreshRoundTripper("", path, server)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{one, two, three} { // each rotation at once after the other
		writeFile(t, path, token)
		server.want.Store(&token)
		if code, body := exchange(t, rt, strings.NewReader("payload")); code != 200 || body != "payload" {
			t.Errorf("token %s: status %d, body %q", token, code, body)
		}
	}
	if n := server.requests.Load(); n != 5 {
		t.Errorf("%d requests, want one and two for each rotation", n)
	}
}

func TestTokenFileRotation401WithABodyThatCannotBeReplayed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	writeFile(t, path, one)
	server := newGate(two)
	rt, err := NewBearerAuthWithRefreshRoundTripper("", path, server)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, two)
	stream := func() io.Reader { return io.MultiReader(strings.NewReader("payload")) }
	if code, _ := exchange(t, rt, stream()); code != 401 || server.requests.Load() != 1 {
		t.Errorf("status %d after %d requests, want the first answer", code, server.requests.Load())
	}
	if code, _ := exchange(t, rt, stream()); code != 200 {
		t.Errorf("status %d, want the next request to have the new token", code)
	}
}

func TestTokenFile401WithoutRotationIsReturnedAndTheFileReadOncePerSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		r, err := newReloader("token", tokenFileAge, func() (string, fingerprint, error) { reads++; return one, fingerprint{}, nil })
		if err != nil {
			t.Fatal(err)
		}
		server := newGate(two)
		rt := NewCredentialRoundTripper(tokenFile{r}, server)
		for range 100 {
			if code, _ := exchange(t, rt, nil); code != 401 {
				t.Errorf("status %d", code)
			}
		}
		if n := server.requests.Load(); n != 100 || reads != 2 {
			t.Errorf("%d requests and %d reads, want 100 and 2", n, reads)
		}
		time.Sleep(futileInterval)
		exchange(t, rt, nil)
		if reads != 3 {
			t.Errorf("%d reads, want another one after a second", reads)
		}
	})
}

func TestTokenFileRotation401OneReadHoweverManyRequestsFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var token atomic.Value
		token.Store(one)
		var reads atomic.Int64
		r, err := newReloader("token", tokenFileAge, func() (string, fingerprint, error) {
			reads.Add(1)
			time.Sleep(time.Millisecond) // a slow disk: the others have to wait for this read
			return token.Load().(string), fingerprint{token.Load().(string)[0]}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rt := NewCredentialRoundTripper(tokenFile{r}, newGate(two))
		token.Store(two)
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {
				if code, body := exchange(t, rt, strings.NewReader("x")); code != 200 || body != "x" {
					t.Errorf("status %d, body %q", code, body)
				}
			})
		}
		wg.Wait()
		if n := reads.Load(); n != 2 {
			t.Errorf("%d reads, want the first and one more", n)
		}
	})
}

func TestTokenFileThatHangsBlocksOneRequestOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		first := true
		r, err := newReloader("token", tokenFileAge, func() (string, fingerprint, error) {
			if !first {
				<-hang
			}
			first = false
			return one, fingerprint{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(tokenFileAge)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = r.get(context.Background())
		}()
		synctest.Wait()
		if got, err := r.get(t.Context()); got != one || err != nil {
			t.Errorf("token %q, %v", got, err)
		}
		close(hang)
		<-done
	})
}

// scripted is a source whose credential the test sets.
type scripted struct {
	credential Credential
	err        error
	expire     func(Credential)
}

func (s *scripted) Credential(context.Context) (Credential, error) { return s.credential, s.err }

func (s *scripted) Expire(rejected Credential) { s.expire(rejected) }

func TestCredentialSourceThatFails(t *testing.T) {
	server := newGate(two)
	source := &scripted{err: errors.New("no credential")}
	rt := NewCredentialRoundTripper(source, server)
	body := &closeRecorder{Reader: strings.NewReader("x")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://host/", body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.RoundTrip(req); err == nil || canary.Err(t, err).Error() != "no credential" {
		t.Errorf("error %v", err)
	}
	if server.requests.Load() != 0 || !body.closed {
		t.Errorf("%d requests, body closed: %v; want none and a closed body", server.requests.Load(), body.closed)
	}

	// When it fails to refresh, the answer of the server stands.
	source.credential, source.err = Credential{Token: one}, nil
	source.expire = func(Credential) { source.err = errors.New("no credential") }
	if code, _ := exchange(t, rt, nil); code != 401 {
		t.Errorf("status %d", code)
	}
}

type closeRecorder struct {
	io.Reader
	closed bool
}

func (c *closeRecorder) Close() error { c.closed = true; return nil }

func TestConfigWithCredentials(t *testing.T) {
	r := &recorder{}
	asked := &scripted{credential: Credential{Token: canary.Secret}}
	for _, test := range []struct {
		name, target string
		config       Config
		want         string
	}{
		{"source", "https://host/", Config{}, "Bearer " + canary.Secret},
		{"elsewhere", "https://other/", Config{}, ""},
		{"token wins", "https://host/", Config{BearerToken: one}, "Bearer " + one},
		{"user name wins", "https://host/", Config{Username: "u", Password: canary.Secret}, "Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+canary.Secret))},
	} {
		test.config.Credentials, test.config.Transport, test.config.Origin = asked, r, origin(t, "https://host")
		rt, err := New(&test.config)
		if err != nil {
			t.Fatal(err)
		}
		send(t, rt, test.target, nil)
		if got := r.header.Get("Authorization"); got != test.want {
			t.Errorf("%s: Authorization %q, want %q", test.name, got, test.want)
		}
	}
}

func TestCredentialPrintsNoSecrets(t *testing.T) {
	c := Credential{Token: canary.Secret, Certificate: &tls.Certificate{PrivateKey: canary.Secret, Certificate: [][]byte{[]byte(canary.Secret)}}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", c, "p", &c)
	marshalled, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Credentials: &scripted{credential: c}}
	outs := []string{log.String(), c.String(), c.GoString(), string(marshalled), config.String(), config.GoString()}
	for _, v := range []any{c, &c, []Credential{c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			outs = append(outs, fmt.Sprintf(verb, v))
		}
	}
	for _, out := range outs {
		if strings.Contains(out, canary.Secret) || strings.Contains(out, fmt.Sprintf("%x", canary.Secret)) {
			t.Errorf("a secret shows in %s", out)
		}
	}
}
