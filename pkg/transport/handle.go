package transport

import (
	"io"
	"net/http"
	"runtime"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// handle is what clients hold of a transport that was made here. An http.Transport is held by its connections too, and so is
// never garbage while one is idle. The handle is garbage when the last client that holds it is, and the last open answer:
// then the idle connections are closed. Nothing below may refer to it.
type handle struct {
	wrapped // an *http.Transport or a *rotating
}

func newHandle(rt http.RoundTripper) *handle {
	h := &handle{wrapped{rt}}
	runtime.AddCleanup(h, abandon, rt)
	return h
}

// abandon closes the connections of a transport that nobody holds. Closing may take time, for which the cleanups of the
// program would wait.
func abandon(rt http.RoundTripper) {
	observeAbandoned(rt)
	go utilnet.CloseIdleConnectionsFor(rt)
}

func (h *handle) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.rt.RoundTrip(req)
	if err == nil && resp.StatusCode != http.StatusSwitchingProtocols { // then the connection has left the transport
		resp.Body = &heldBody{resp.Body, h}
	}
	runtime.KeepAlive(h)
	return resp, err
}

// heldBody keeps the handle of the transport that its connection returns to.
type heldBody struct {
	io.ReadCloser
	handle *handle
}

func (b *heldBody) Close() error {
	err := b.ReadCloser.Close()
	runtime.KeepAlive(b.handle) // before, the connection is not idle
	return err
}
