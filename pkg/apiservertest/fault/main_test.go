package fault

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a little API server under faults, and a client of net/http.
type rig struct {
	*Injector
	t      testing.TB
	server *httptest.Server
	client *http.Client
	posts  atomic.Int32 // that the API has executed
	seen   atomic.Int32 // requests that the API has got
}

// everywhere runs a test over TCP and TLS, and in a bubble over memory and TLS, with both protocols.
func everywhere(t *testing.T, test func(t *testing.T, r *rig)) {
	for _, http2 := range []bool{false, true} {
		name := map[bool]string{false: "HTTP1", true: "HTTP2"}[http2]
		t.Run("TCP/"+name, func(t *testing.T) { test(t, newRig(t, http2, nil)) })
		t.Run("bubble/"+name, func(t *testing.T) { bubble(t, http2, test) })
	}
}

func bubble(t *testing.T, http2 bool, test func(t *testing.T, r *rig)) {
	synctest.Test(t, func(t *testing.T) { test(t, newRig(t, http2, newMemory())) })
}

func newRig(t testing.TB, http2 bool, mem *memory) *rig {
	r := &rig{t: t, Injector: New(Options{
		Seed: 1,
		User: func(r *http.Request) string { return r.Header.Get("User") },
		Kind: func(schema.GroupVersionResource) string { return "Pod" },
	})}
	r.server = httptest.NewUnstartedServer(r.Wrap(http.HandlerFunc(r.api)))
	r.server.EnableHTTP2 = http2
	r.server.Config.ConnContext = ConnContext
	r.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.server.TLS = &tls.Config{SessionTicketsDisabled: true} // which nobody would read from a pipe in time
	if mem != nil {
		r.server.Listener.Close()
		r.server.Listener = mem
	}
	r.server.Listener = r.Listener(r.server.Listener)
	r.server.StartTLS()
	r.client = r.server.Client()
	transport := r.client.Transport.(*http.Transport)
	if mem != nil {
		transport.DialContext = mem.dial
	}
	t.Cleanup(func() {
		r.Close()
		transport.CloseIdleConnections()
		r.server.Close()
	})
	return r
}

const (
	version = `{"major":"1","minor":"36"}`
	pods    = "/api/v1/namespaces/shop/pods"
)

// api has /version, and pods that are called a to e.
func (r *rig) api(w http.ResponseWriter, req *http.Request) {
	r.seen.Add(1)
	info := request.Parse(req)
	switch {
	case info.Path == "/version":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(version)))
		io.WriteString(w, version)
	case info.Verb == "create":
		io.Copy(io.Discard, req.Body)
		r.posts.Add(1)
		w.WriteHeader(http.StatusCreated)
	case info.Verb == "list":
		list := corev1.PodList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PodList"}}
		list.ResourceVersion = "9"
		for i := range 5 {
			list.Items = append(list.Items, *pod(i))
			list.Items[i].Generation = 1<<62 + 1
		}
		if token := info.Query.Get("continue"); token != "" {
			list.Items, list.Continue = nil, "the server knows no token "+token
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(list)
	case info.Verb == "watch":
		accept := req.Header.Get("Accept")
		media, ok := frame.MediaOf(accept)
		if !ok {
			accept, media = "application/json", frame.JSON
		}
		w.Header().Set("Content-Type", accept)
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		for i := range 5 {
			if _, err := w.Write(encode(media, "ADDED", pod(i))); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
		if info.Query.Get("stay") != "" {
			<-req.Context().Done()
		}
	default:
		http.NotFound(w, req)
	}
}

func pod(i int) *corev1.Pod {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: string(rune('a' + i)), ResourceVersion: fmt.Sprint(i + 1), UID: "u"},
	}
}

func encode(media frame.Media, eventType string, object frame.Message) []byte {
	return must(frame.Encode(media, metav1.WatchEvent{Type: eventType, Object: runtime.RawExtension{Raw: must(frame.Bytes(media, object))}}))
}

// answer is what a client got.
type answer struct {
	code   int
	header http.Header
	body   string
	err    error // of the request, or of reading
}

func (r *rig) request(ctx context.Context, method, target string, header http.Header) answer {
	req, err := http.NewRequestWithContext(ctx, method, r.server.URL+target, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Body = io.NopCloser(strings.NewReader("{}"))
	}
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := r.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(body), err}
}

func (r *rig) get(target string) answer {
	return r.request(r.t.Context(), http.MethodGet, target, nil)
}

// again checks that the server works as if nothing had been.
func (r *rig) again() {
	r.t.Helper()
	r.RemoveAll()
	if a := r.get("/version"); a.err != nil || a.body != version {
		r.t.Fatalf("after the fault: %+v", a)
	}
}

func (r *rig) proto() string {
	if r.server.EnableHTTP2 {
		return "HTTP/2.0"
	}
	return "HTTP/1.1"
}

// isReset says whether a client has seen that its connection was reset.
func isReset(err error) bool {
	// net/http's HTTP/2 keeps only the text of the error for requests that it has to fail
	return errors.Is(err, syscall.ECONNRESET) || err != nil && strings.Contains(err.Error(), syscall.ECONNRESET.Error())
}

// memory is a network without sockets.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemory() *memory { return &memory{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (m *memory) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	client := &end{Conn: near}
	select {
	case m.conns <- &end{Conn: far, peer: client}:
		return client, nil
	case <-m.closed:
		return nil, syscall.ECONNREFUSED
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { m.once.Do(func() { close(m.closed) }); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 6443} }

// end is one of a pipe.
type end struct {
	net.Conn
	peer     *end // of that of the server
	wasReset atomic.Bool
}

func (e *end) Reset() error {
	e.peer.wasReset.Store(true)
	return e.Conn.Close()
}

func (e *end) Write(p []byte) (int, error) {
	n, err := e.Conn.Write(p)
	if err != nil && e.wasReset.Load() {
		err = syscall.ECONNRESET
	}
	return n, err
}

func (e *end) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	if err != nil && e.wasReset.Load() {
		err = syscall.ECONNRESET
	}
	return n, err
}

// events tells what is in a stream: TYPE name@version, and what is not understood.
func events(media frame.Media, stream string) []string {
	var got []string
	s := frame.NewSplitter(media)
	s.Write([]byte(stream), func(b []byte) error {
		e, err := frame.Decode(media, b)
		text := e.Type
		if err != nil {
			text = "?"
		}
		if o, err := frame.Object(media, e.Object.Raw); err == nil {
			if o.Kind != "Pod" {
				text += " " + o.Kind
			}
			text += " " + o.Name + "@" + o.ResourceVersion
		} else {
			text += " ?"
		}
		got = append(got, text)
		return nil
	})
	if rest := strings.TrimSpace(string(s.Rest())); rest != "" {
		got = append(got, fmt.Sprintf("rest of %d bytes", len(rest)))
	}
	return got
}

func names(list string) []string {
	var l corev1.PodList
	if err := json.Unmarshal([]byte(list), &l); err != nil {
		return []string{err.Error()}
	}
	all := []string{}
	for _, p := range l.Items {
		all = append(all, p.Name)
	}
	slices.Sort(all)
	return all
}
