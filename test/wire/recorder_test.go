package wire

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// sent is a request as a server gets it.
type sent struct {
	Method      string
	Host        string
	Path        string
	EscapedPath string
	Query       url.Values
	Header      http.Header
	Body        string
	At          time.Duration // since the first request
}

// answer is what a server says: the error of a transport, or a response.
type answer struct {
	hangs  bool // until the request is cancelled
	err    error
	code   int
	header http.Header
	body   string
	// broken breaks the body off with this error.
	broken error
	// bodyHangs has the body end only when the request is cancelled.
	bodyHangs bool
	// length is what the response says about the length of its body; 0 means the truth, a negative one that it says nothing.
	length int64
}

// reply returns an answer with a body.
func reply(code int, contentType, body string, header ...string) answer {
	a := answer{code: code, header: http.Header{}, body: body}
	if contentType != "" {
		a.header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		a.header.Add(header[i], header[i+1])
	}
	return a
}

// recorder is a transport that records requests and gives the answers in turn; the last one again and again.
type recorder struct {
	answers []answer
	begin   time.Time

	mu       sync.Mutex // guards requests
	requests []sent
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	s, err := received(req)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	s.At = time.Since(r.begin)
	a := r.answers[min(len(r.requests), len(r.answers)-1)]
	r.requests = append(r.requests, s)
	r.mu.Unlock()
	if a.hangs {
		<-req.Context().Done()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if a.err != nil {
		return nil, a.err
	}
	resp := &http.Response{
		StatusCode: a.code, Status: http.StatusText(a.code), Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: a.header.Clone(), Request: req, ContentLength: int64(len(a.body)),
		Body: &body{Reader: strings.NewReader(a.body), ctx: req.Context(), hangs: a.bodyHangs, broken: a.broken},
	}
	if a.length != 0 || a.broken != nil || a.bodyHangs {
		resp.ContentLength = max(a.length, -1)
	}
	return resp, nil
}

// received returns what a server would get of a request.
func received(req *http.Request) (sent, error) {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	// The server knows nothing but the text.
	u, err := url.ParseRequestURI(req.URL.RequestURI())
	if err != nil {
		return sent{}, err
	}
	s := sent{
		Method: req.Method, Host: req.URL.Scheme + "://" + host, Path: u.Path, EscapedPath: u.EscapedPath(), Query: u.Query(),
		Header: req.Header.Clone(),
	}
	maps.DeleteFunc(s.Header, func(_ string, values []string) bool { return len(values) == 0 }) // sent as nothing
	if req.Body == nil {
		return s, nil
	}
	content, err := io.ReadAll(req.Body)
	s.Body = string(content)
	return s, errors.Join(err, req.Body.Close())
}

// body is the body of a response that may break off. It ends when it is closed.
type body struct {
	io.Reader
	ctx    context.Context // of the request
	hangs  bool
	broken error

	mu     sync.Mutex // guards closed
	closed bool
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	closed := b.closed
	b.mu.Unlock()
	if closed {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) && b.hangs {
		<-b.ctx.Done()
		return n, b.ctx.Err()
	}
	if errors.Is(err, io.EOF) && b.broken != nil {
		err = b.broken
	}
	return n, err
}

func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}
