package transport

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// debugLog sends a request full of secrets through a debugging round tripper and returns what it logs.
func debugLog(t *testing.T, verbosity int, levels ...DebugLevel) string {
	t.Helper()
	const secret = canary.Secret
	var log bytes.Buffer
	logger := textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(verbosity), textlogger.Output(io.MultiWriter(&log, canary.Seen))))
	rt := NewDebuggingRoundTripper(roundTripFunc(func(*http.Request) (*http.Response, error) {
		header := http.Header{"Set-Cookie": {secret}, "Location": {"https://host?token=" + secret}, "Content-Type": {"application/json"}, "X-Unknown": {secret}}
		return &http.Response{Status: "201 Created", StatusCode: http.StatusCreated, Header: header, Body: io.NopCloser(strings.NewReader(secret))}, nil
	}), levels...)
	req, err := http.NewRequestWithContext(klog.NewContext(t.Context(), logger), http.MethodPost,
		"https://user:"+secret+"@host/path?watch=true&access_token="+secret+"#"+secret, strings.NewReader(secret))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{
		"Authorization": {"Bearer " + secret}, "authorization": {secret}, "Cookie": {secret}, "Proxy-Authorization": {secret},
		"Sec-Websocket-Protocol": {"base64url.bearer.authorization.k8s.io." + secret}, "X-Unknown": {secret}, "Accept": {"it's json"},
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if strings.Contains(log.String(), secret) {
		t.Errorf("a secret shows in %s", log.String())
	}
	return log.String()
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestDebugLevels(t *testing.T) {
	const curl = `curl -v -X'POST' -H 'Accept: it'\\''s json' -H 'Authorization: --- REDACTED ---'`
	for _, test := range []struct {
		name      string
		verbosity int
		levels    []DebugLevel
		want      []string
		not       []string
	}{
		{"nothing", 10, nil, nil, []string{"host"}},
		{"URL", 0, []DebugLevel{DebugJustURL}, []string{"POST", "https://host/path?", "watch=true"}, []string{"milliseconds", "headers"}},
		{"timing", 0, []DebugLevel{DebugURLTiming}, []string{"milliseconds", "201 Created"}, []string{"headers"}},
		{"curl", 0, []DebugLevel{DebugCurlCommand}, []string{curl}, []string{"milliseconds"}},
		{"request headers", 0, []DebugLevel{DebugRequestHeaders}, []string{"it's json", "X-Unknown"}, []string{"application/json"}},
		{"status", 0, []DebugLevel{DebugResponseStatus}, []string{"201 Created"}, []string{"headers"}},
		{"response headers", 0, []DebugLevel{DebugResponseHeaders}, []string{"application/json"}, []string{"it's json"}},
		{"detailed timing", 0, []DebugLevel{DebugDetailedTiming}, []string{"connectionReused"}, []string{"headers"}},
		{"verbosity 5", 5, []DebugLevel{DebugByContext}, nil, []string{"host"}},
		{"verbosity 6", 6, []DebugLevel{DebugByContext}, []string{"milliseconds", "201 Created"}, []string{"headers"}},
		{"verbosity 7", 7, []DebugLevel{DebugByContext}, []string{"it's json"}, []string{"application/json"}},
		{"verbosity 8", 8, []DebugLevel{DebugByContext}, []string{"application/json"}, []string{"curl"}},
		{"verbosity 10", 10, []DebugLevel{DebugByContext}, []string{curl, "connectionReused"}, nil},
		{"level and verbosity", 6, []DebugLevel{DebugByContext, DebugResponseHeaders}, []string{"milliseconds", "application/json"}, []string{"curl"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			log := debugLog(t, test.verbosity, test.levels...)
			for _, want := range test.want {
				if !strings.Contains(log, want) {
					t.Errorf("the log has no %q:\n%s", want, log)
				}
			}
			for _, not := range test.not {
				if strings.Contains(log, not) {
					t.Errorf("the log has %q:\n%s", not, log)
				}
			}
		})
	}
}

func TestDebugDetailedTimingOfAConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	var log bytes.Buffer
	logger := textlogger.NewLogger(textlogger.NewConfig(textlogger.Output(io.MultiWriter(&log, canary.Seen))))
	rt := NewDebuggingRoundTripper(newRT(t, &Config{}), DebugDetailedTiming)
	resp, err := rt.RoundTrip(getRequest(t, server.URL).WithContext(klog.NewContext(t.Context(), logger)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, want := range []string{"connectionReused=false", "dialMilliseconds=", "serverProcessingMilliseconds="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %q: %s", want, log.String())
		}
	}
}

func TestDebugOfARequestThatFails(t *testing.T) {
	var log bytes.Buffer
	logger := textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(10), textlogger.Output(io.MultiWriter(&log, canary.Seen))))
	failure := errors.New(canary.Secret)
	rt := NewDebuggingRoundTripper(roundTripFunc(func(*http.Request) (*http.Response, error) { return nil, failure }), DebugByContext)
	req := getRequest(t, "https://host/?%zz="+canary.Secret)
	if _, err := rt.RoundTrip(req.WithContext(klog.NewContext(t.Context(), logger))); !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	if strings.Contains(log.String(), "canary") || !strings.Contains(log.String(), "*errors.errorString") {
		t.Errorf("log %s", log.String())
	}
}

// The command must do what it says in a shell, whatever a header holds.
func TestCurlCommandIsQuoted(t *testing.T) {
	req := getRequest(t, "https://host/a'b?labelSelector=$(touch%20x)")
	req.Header.Set("User-Agent", "`id` $HOME ' \"")
	command := strings.Replace(curlCommand(req), "curl", "printf '%s\\n'", 1)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := "-v\n-XGET\n-H\nUser-Agent: `id` $HOME ' \"\nhttps://host/a'b?labelSelector=%24%28touch+x%29\n"; string(out) != want {
		t.Errorf("arguments %q, want %q", out, want)
	}
}

func TestDebugWrappersDependOnTheVerbosity(t *testing.T) {
	inner := &recorder{}
	if rt := DebugWrappers(inner); rt != http.RoundTripper(inner) {
		t.Errorf("%T, want nothing added at verbosity 0", rt)
	}
	state := klog.CaptureState()
	defer state.Restore()
	var level klog.Level
	if err := level.Set("6"); err != nil {
		t.Fatal(err)
	}
	if rt, ok := DebugWrappers(inner).(*debuggingRoundTripper); !ok || rt.rt != http.RoundTripper(inner) {
		t.Error("want a debugging round tripper at verbosity 6")
	}
}
