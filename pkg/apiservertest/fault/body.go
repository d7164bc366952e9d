package fault

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// tap is a ResponseWriter of which an effect takes what is written.
type tap struct {
	http.ResponseWriter
	head  func(code int) // before the header is sent, once; may be nil
	write func(p []byte) (n int, err error)
	after func() // when something was sent; may be nil
	begun bool
}

// Unwrap is for http.ResponseController.
func (t *tap) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *tap) WriteHeader(code int) {
	if code >= http.StatusOK {
		t.begin(code)
	}
	t.ResponseWriter.WriteHeader(code)
	t.sent()
}

func (t *tap) Write(p []byte) (int, error) {
	t.begin(http.StatusOK)
	n, err := t.write(p)
	t.sent()
	return n, err
}

func (t *tap) Flush() { _ = t.FlushError() }

// FlushError is what http.ResponseController looks for first.
func (t *tap) FlushError() error {
	t.begin(http.StatusOK)
	err := http.NewResponseController(t.ResponseWriter).Flush()
	t.sent()
	return err
}

func (t *tap) begin(code int) {
	if !t.begun && t.head != nil {
		t.head(code)
	}
	t.begun = true
}

func (t *tap) sent() {
	if t.after != nil {
		t.after()
	}
}

// Cut breaks an answer off behind n bytes of its body. With Clean its length is not announced, so that the client takes
// what it gets for all there is. An answer that is shorter stays as it is.
func Cut(n int64, end End) Effect {
	return func(x *Exchange) {
		x.breakable(func(b *breaker, r *http.Request) {
			left := n
			w := &tap{ResponseWriter: x.Writer}
			w.head = func(int) {
				if end == Clean {
					w.Header().Del("Content-Length")
				}
			}
			w.write = func(p []byte) (int, error) {
				if b.broken {
					return 0, errBroken
				}
				written, err := x.Writer.Write(p[:min(int64(len(p)), left)])
				left -= int64(written)
				if left == 0 {
					if broken := b.off(end); written < len(p) {
						return written, broken
					}
				}
				return written, err
			}
			w.after = func() {
				if left == 0 {
					_ = b.off(end) // for n = 0, behind the header; the next write tells the server
				}
			}
			x.next(w, r)
			if left == 0 {
				_ = b.off(end) // the same for a server that has written nothing at all
			}
		})
	}
}

// Trickle sends the body of an answer in pieces of a size, with a time before each.
func Trickle(size int, every time.Duration) Effect {
	size = max(1, size)
	return func(x *Exchange) {
		w := &tap{ResponseWriter: x.Writer}
		w.write = func(p []byte) (written int, err error) {
			for len(p) > 0 {
				if !x.Sleep(every) {
					return written, errBroken
				}
				n, err := x.Writer.Write(p[:min(size, len(p))])
				written += n
				if err == nil {
					err = http.NewResponseController(x.Writer).Flush()
				}
				if err != nil {
					return written, err
				}
				p = p[n:]
			}
			return written, nil
		}
		x.next(w, x.Request)
	}
}

// buffer is an answer that is not sent yet.
type buffer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header { return b.header }

func (b *buffer) WriteHeader(code int) {
	if b.code == 0 && code >= http.StatusOK {
		b.code = code
	}
}

func (b *buffer) Write(p []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	return b.body.Write(p)
}

func (b *buffer) Flush() {}

// Edit changes answers as a whole: edit gets the status, the header, which it may change, and the body, and returns the
// body to be sent. The server does not compress it. Watches fail, for their answers have no end: EachEvent is for them.
func Edit(edit func(x *Exchange, code int, header http.Header, body []byte) []byte) Effect {
	return func(x *Exchange) {
		if x.Info.Verb == "watch" {
			Fail(apierrors.NewInternalError(fmt.Errorf("fault %q is not for watches, whose answers have no end: restrict Verbs", x.Fault.Name())), "")(x)
			return
		}
		r := x.Request.Clone(x.Request.Context())
		r.Header.Del("Accept-Encoding")
		answer := &buffer{header: x.Writer.Header()}
		x.next(answer, r)
		if answer.code == 0 {
			answer.code = http.StatusOK
		}
		body := edit(x, answer.code, answer.header, answer.body.Bytes())
		answer.header.Set("Content-Length", strconv.Itoa(len(body)))
		x.Writer.WriteHeader(answer.code)
		_, _ = x.Writer.Write(body) // a client that is gone misses nothing
	}
}
