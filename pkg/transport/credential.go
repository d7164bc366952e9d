package transport

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"

	"k8s.io/klog/v2"
)

// Credential is who a client is. Equal ones (==) are the same.
type Credential struct {
	// Token is sent as bearer token; empty means none.
	Token string `datapolicy:"token"`
	// Certificate is the client's certificate and key; nil means none. Connections are made with it, and retired when
	// another takes its place. A Config.Transport does not know it.
	Certificate *tls.Certificate
}

// CredentialSource provides a credential that may change while its clients live, such as the output of a credential plugin.
// It may be used concurrently.
type CredentialSource interface {
	// Credential returns the credential to use now. It is called for each request, and shall return at once if there is
	// a valid one. Else it gets one, and gives up when ctx is done. Its errors must not hold secrets.
	Credential(ctx context.Context) (Credential, error)

	// Expire says that the server answered 401 to a request with the credential rejected. If that is still what
	// Credential would return, the next call of Credential shall get another, unless it did so in vain just before; if
	// another has taken its place, nothing shall happen. So there is one refresh however many requests fail at once. It
	// must not block.
	Expire(rejected Credential)
}

// NewCredentialRoundTripper adds the credential of source to requests that have no Authorization header, whatever host they
// are for; New sees to it that only Config.Origin gets it. When the server answers 401, the credential is refreshed. If that
// brings another one, and the body of the request, if any, can be had again (http.Request.GetBody), the request is sent once
// more and the answer to that is returned, whatever it is.
func NewCredentialRoundTripper(source CredentialSource, rt http.RoundTripper) http.RoundTripper {
	return &credentialRoundTripper{source: source, wrapped: wrapped{rt}}
}

type credentialRoundTripper struct {
	wrapped
	source CredentialSource
}

func (c *credentialRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get(authorizationHeader) != "" {
		return c.rt.RoundTrip(req)
	}
	ctx := req.Context()
	credential, err := c.source.Credential(ctx)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := c.send(req, credential)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	c.source.Expire(credential)
	if !replayable(req) {
		return resp, nil
	}
	fresh, err := c.source.Credential(ctx)
	if err != nil {
		klog.FromContext(ctx).Error(err, "Unable to refresh the credential that the server rejected")
		return resp, nil
	}
	if fresh == credential {
		return resp, nil
	}
	again, err := replay(req)
	if err != nil {
		return resp, nil //nolint:nilerr // the first answer stands if there cannot be a second
	}
	discard(resp.Body)
	return c.send(again, fresh)
}

func (c *credentialRoundTripper) send(req *http.Request, credential Credential) (*http.Response, error) {
	if credential.Certificate != nil {
		req = req.WithContext(context.WithValue(req.Context(), certificateKey{}, credential.Certificate))
	}
	if credential.Token != "" {
		req = withHeader(req, authorizationHeader, "Bearer "+credential.Token)
	}
	return c.rt.RoundTrip(req)
}

// certificateKey is the key of the context value that tells the transport with which certificate to connect. The value is a
// *tls.Certificate.
type certificateKey struct{}

// replayable reports whether req can be sent again after it was sent.
func replayable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// replay returns a request that is req with its body from the beginning.
func replay(req *http.Request) (*http.Request, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := *req
	again.Body = body
	return &again, nil
}

// closeBody does what a round tripper has to that fails before it sends.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// maxDiscardBytes is how much of an answer that nobody wants is read so that its connection can be used again.
const maxDiscardBytes = 16 << 10

func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDiscardBytes)
	_ = body.Close()
}
