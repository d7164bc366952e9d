package transport

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/metrics"
)

// observations is what metrics were told. Some of it comes late, of transports that earlier tests made: the collector's.
type observations struct {
	mu   sync.Mutex // guards told
	told []string
}

func (o *observations) tell(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told = append(o.told, fmt.Sprintf(format, args...))
}

// of returns what was told of a metric.
func (o *observations) of(metric string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var told []string
	for _, line := range o.told {
		if value, ok := strings.CutPrefix(line, metric+" "); ok {
			told = append(told, value)
		}
	}
	return told
}

type (
	observedExpiry struct{ *observations }
	observedAge    struct{ *observations }
	observedSize   struct{ *observations }
	observedReload struct{ *observations }
	observedEnd    struct{ *observations }
	observedStatus struct {
		*observations
		metric string
	}
)

func (o observedExpiry) Set(at *time.Time) {
	if at == nil {
		o.tell("expiry unknown")
		return
	}
	o.tell("expiry %d", at.Unix())
}
func (o observedAge) Observe(age time.Duration)       { o.tell("age %v", age.Round(time.Hour)) }
func (o observedSize) Observe(n int)                  { o.tell("entries %d", n) }
func (o observedReload) Increment(result, why string) { o.tell("reload %s %s", result, why) }
func (o observedEnd) Increment()                      { o.tell("end of rotation") }
func (o observedStatus) Increment(status string)      { o.tell("%s %s", o.metric, status) }

// observed has what all tests of this package observe.
var observed = &observations{}

// registerMetrics is called before the tests: what is observed at the same time would be a data race, and the collector may end
// transports of tests that are over.
func registerMetrics() {
	canary.Register(func(m *metrics.RegisterOpts) {
		m.ClientCertExpiry = observedExpiry{observed}
		m.ClientCertRotationAge = observedAge{observed}
		m.TransportCacheEntries = observedSize{observed}
		m.TransportCreateCalls = observedStatus{observed, "create"}
		m.TransportCAReloads = observedReload{observed}
		m.TransportCertRotationGCCalls = observedEnd{observed}
		m.TransportCacheGCCalls = observedStatus{observed, "gc"}
		m.RegisterFn = func() { observed.tell("registration done") }
	})
}

// since returns a function that returns what is told of a metric from now on.
func (o *observations) since(metric string) func() []string {
	begin := len(o.of(metric))
	return func() []string { return o.of(metric)[begin:] }
}

func expectObserved(t *testing.T, what string, want []string, got func() []string) {
	t.Helper()
	if d := cmp.Diff(want, got()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestCreationOfTransportsIsObserved(t *testing.T) {
	ca := newAuthority(t, "ca")
	var p Pool
	created, entries := observed.since("create"), observed.since("entries")
	config := &Config{TLS: TLSConfig{CAData: ca.pem()}}
	first := pooled(t, &p, config)
	pooled(t, &p, config)
	pooled(t, &p, &Config{Proxy: http.ProxyFromEnvironment})
	other := pooled(t, &p, &Config{TLS: TLSConfig{Insecure: true}})
	if _, err := p.New(&Config{TLS: TLSConfig{CAData: []byte("junk")}}); err == nil {
		t.Error("junk is a CA")
	}
	expectObserved(t, "results", []string{"miss", "hit", "uncacheable", "miss"}, created)
	if got := entries(); !slices.Contains(got, "1") || !slices.Contains(got, "2") {
		t.Errorf("numbers of entries %v, want 1 and 2", got)
	}
	runtime.KeepAlive(first)
	runtime.KeepAlive(other)
}

// A transport may be gone whose cleanup has not run yet: as if it had, but for what it is counted as.
func TestCreationInPlaceOfACollectedTransportIsObserved(t *testing.T) {
	var p Pool
	key, _ := poolKeyOf(&Config{})
	gone := forgotten(t, func() http.RoundTripper { return newHandle(&http.Transport{}) })
	waitFor(t, func() bool {
		runtime.GC()
		return gone.Value() == nil
	})
	p.entries = map[poolKey]weak.Pointer[handle]{key: gone}
	created, collected := observed.since("create"), observed.since("gc")
	rt := pooled(t, &p, &Config{})
	p.forget(key, gone)
	expectObserved(t, "results", []string{"miss-gc"}, created)
	if !slices.Contains(collected(), "skipped") {
		t.Error("the late cleanup was not counted")
	}
	runtime.KeepAlive(rt)
}

func TestCollectionOfTransportsIsObserved(t *testing.T) {
	const transports = 50
	ca := newAuthority(t, "ca")
	config, _ := certFiles(t, ca, "one")
	var p Pool
	deleted, ended := observed.since("gc"), observed.since("end")
	for i := range transports {
		config.TLS.ServerName = fmt.Sprint(i)
		if _, err := p.New(config); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, func() bool {
		runtime.GC()
		return p.size() == 0
	})
	waitFor(t, func() bool { return len(deleted()) >= transports && len(ended()) >= transports })
	if !slices.Contains(deleted(), "deleted") || !slices.Contains(observed.of("entries"), "0") {
		t.Errorf("told of %v", deleted())
	}
}

func TestCAReloadsAreObserved(t *testing.T) {
	older, newer := newAuthority(t, "older"), newAuthority(t, "newer")
	caFile := filepath.Join(t.TempDir(), "ca")
	writeFile(t, caFile, string(older.pem()))
	reloads := observed.since("reload")
	rt := newRT(t, &Config{TLS: TLSConfig{CAFile: caFile, ReloadCAFiles: true}})
	ca := innermost(t, rt).ca
	for _, change := range []func(){
		func() {},
		func() { writeFile(t, caFile, string(newer.pem())) },
		func() { writeFile(t, caFile, "junk") },
		func() { writeFile(t, caFile, string(newer.pem())) },
		func() {
			if err := os.Remove(caFile); err != nil {
				t.Fatal(err)
			}
		},
	} {
		change()
		due(ca)
		if _, err := ca.get(t.Context()); err != nil {
			t.Error(err)
		}
	}
	expectObserved(t, "reloads", []string{"success unchanged", "success changed", "failure invalid", "success unchanged", "failure unreadable"}, reloads)
}

func TestCertificatesAreObserved(t *testing.T) {
	ca := newAuthority(t, "ca")
	validity := func(cert *tls.Certificate) (expiry, age string) {
		return fmt.Sprint(cert.Leaf.NotAfter.Unix()), time.Since(cert.Leaf.NotBefore).Round(time.Hour).String()
	}
	config, write := certFiles(t, ca, "one")
	expiries, ages := observed.since("expiry"), observed.since("age")
	rt := newRT(t, config)
	files := innermost(t, rt).cert
	cert, err := files.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	expiry, age := validity(cert)
	due(files) // nothing new
	if _, err := files.get(t.Context()); err != nil {
		t.Error(err)
	}
	expectObserved(t, "expiry", []string{expiry}, expiries)
	expectObserved(t, "age", nil, ages)
	write("two")
	due(files)
	if cert, err = files.get(t.Context()); err != nil {
		t.Fatal(err)
	}
	second, _ := validity(cert)
	expectObserved(t, "expiry", []string{expiry, second}, expiries)
	expectObserved(t, "age", []string{age}, ages)

	// A certificate that stays.
	fixed, key := ca.issue("fixed")
	expiries = observed.since("expiry")
	newRT(t, &Config{TLS: TLSConfig{CAData: ca.pem(), CertData: fixed, KeyData: key}})
	if n := len(expiries()); n != 1 {
		t.Errorf("%d expiries, want one", n)
	}

	// Those of a callback, of which one makes no sense.
	now := ca.pair("three")
	expiry, age = validity(now)
	expiries, ages = observed.since("expiry"), observed.since("age")
	rt = newRT(t, &Config{TLS: TLSConfig{GetCertHolder: &GetCertHolder{GetCert: func() (*tls.Certificate, error) { return now, nil }}}})
	callback := innermost(t, rt).cert
	for _, next := range []*tls.Certificate{now, {Certificate: [][]byte{[]byte("junk")}}, {Certificate: now.Certificate}} {
		now = next
		due(callback)
		if _, err := callback.get(t.Context()); err != nil {
			t.Error(err)
		}
	}
	expectObserved(t, "expiry", []string{expiry, "unknown", expiry}, expiries)
	expectObserved(t, "age", []string{age}, ages)
}

// Each runs in a process of its own, since registration happens once.
func TestMetricsAreRegisteredByEveryConstructor(t *testing.T) {
	const variable = "TEST_REGISTRATION_CHILD"
	constructors := map[string]func() (http.RoundTripper, error){
		"New":      func() (http.RoundTripper, error) { return New(&Config{}) },
		"Pool.New": func() (http.RoundTripper, error) { return new(Pool).New(&Config{}) },
	}
	if construct, ok := constructors[os.Getenv(variable)]; ok {
		if _, err := construct(); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("registered %d times\n", len(observed.of("registration")))
		return
	}
	for name := range constructors {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMetricsAreRegisteredByEveryConstructor$")
		cmd.Env = append(os.Environ(), variable+"="+name)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "registered 1 times") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
