package transport

import (
	"net/http"
	"runtime"
	"sync"
	"weak"

	"github.com/kubewright/kubewright/pkg/metrics"
)

// Pool makes round trippers that share connections where all is equal that connections are made with: the TLS options, with
// the content of the files that they name; DisableCompression; and the environment (see the package comment). So a program
// can make a client whenever it needs one, as if it had kept the last.
//
// A configuration with a Dial, Proxy or GetCert function or a CredentialSource, which may provide a certificate, shares
// nothing: whether two of those do the same is not known. Nor does one with a Transport of its own.
//
// What a connection does not depend on is not compared, and is each client's own: bearer tokens, passwords and impersonation
// are headers, which a server judges for each request anew; user agent and WrapTransport are above the connections. A client
// certificate is what a server takes a whole connection for, and is compared: two identities never share a connection.
//
// A Pool keeps nothing alive. When the last client that shares a transport is garbage, and the last open answer, the idle
// connections are closed and the transport is forgotten. A client that closes its idle connections closes those of the others
// too, who open new ones; what is in flight goes on.
//
// The zero value is ready, and must not be copied. A Pool is safe for concurrent use.
type Pool struct {
	mu      sync.Mutex // guards entries
	entries map[poolKey]weak.Pointer[handle]
}

// New returns a round tripper for config, as the function New does, which may share connections with others of p.
func (p *Pool) New(config *Config) (http.RoundTripper, error) {
	metrics.EnsureRegistered()
	rt, err := p.base(config)
	if err != nil {
		return nil, err
	}
	return HTTPWrappersForConfig(config, rt)
}

// base is the function base, but for what is shared.
func (p *Pool) base(config *Config) (http.RoundTripper, error) {
	key, ok := poolKeyOf(config)
	if !ok {
		metrics.TransportCreateCalls.Increment("uncacheable")
		return base(config)
	}
	if h := p.find(key); h != nil {
		metrics.TransportCreateCalls.Increment("hit")
		return h, nil
	}
	h, err := newTransport(config) // p.mu is not held: a file system may hang
	if err != nil {
		return nil, err
	}
	if now, ok := poolKeyOf(config); !ok || now != key { // a file was replaced: it is not known which content h has
		metrics.TransportCreateCalls.Increment("uncacheable")
		return h, nil
	}
	h, result := p.keep(key, h)
	metrics.TransportCreateCalls.Increment(result)
	return h, nil
}

// find returns the transport of key, or nil if there is none or nobody holds it any more.
func (p *Pool) find(key poolKey) *handle {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.entries[key].Value()
}

// keep makes h the transport of key, unless another goroutine was faster: then that one's is returned, and h is garbage. The
// result is what metrics.TransportCreateCalls counts.
func (p *Pool) keep(key poolKey, h *handle) (kept *handle, result string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	old, found := p.entries[key]
	if first := old.Value(); first != nil {
		return first, "hit"
	}
	if p.entries == nil {
		p.entries = map[poolKey]weak.Pointer[handle]{}
	}
	own := weak.Make(h)
	p.entries[key] = own
	runtime.AddCleanup(h, func(key poolKey) { p.forget(key, own) }, key)
	metrics.TransportCacheEntries.Observe(len(p.entries)) // within p.mu, so that the last value is the true one
	if found {
		return h, "miss-gc"
	}
	return h, "miss"
}

// forget removes the transport of key if it is still gone: meanwhile another may have taken its place.
func (p *Pool) forget(key poolKey, gone weak.Pointer[handle]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.entries[key] != gone {
		metrics.TransportCacheGCCalls.Increment("skipped")
		return
	}
	delete(p.entries, key)
	metrics.TransportCacheGCCalls.Increment("deleted")
	metrics.TransportCacheEntries.Observe(len(p.entries))
}
