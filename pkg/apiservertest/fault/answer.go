package fault

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Answer is what a client gets instead of the server's answer.
type Answer struct {
	Code   int // 0 for 200
	Header http.Header
	Body   []byte
}

// Respond answers without asking the server. A Content-Length in the header that is more than the body has is a promise
// which is not kept: the answer ends as with Abort.
func Respond(a Answer) Effect {
	return func(x *Exchange) {
		for name, values := range a.Header {
			x.Writer.Header()[http.CanonicalHeaderKey(name)] = slices.Clone(values) // net/http may change them
		}
		if a.Code != 0 {
			x.Writer.WriteHeader(a.Code)
		}
		_, _ = x.Writer.Write(a.Body) // a client that is gone misses nothing
	}
}

// Status fails requests with a status code and the Status object that a kube-apiserver sends with it. The header
// Retry-After is left out if retryAfter is empty, and otherwise is what it says: seconds, a date in http.TimeFormat, or
// nothing that anybody understands.
func Status(code int, retryAfter string) Effect {
	return func(x *Exchange) {
		err := apierrors.NewGenericServerResponse(code, x.Info.Verb, x.Info.GroupResource(), x.Info.Name, "", 0, true)
		Fail(err, retryAfter)(x)
	}
}

// Fail is Status with an error of one's own, such as apierrors.NewTooManyRequests returns.
func Fail(err apierrors.APIStatus, retryAfter string) Effect {
	status := err.Status()
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	body := must(json.Marshal(status))
	header := http.Header{"Content-Type": {"application/json"}}
	if retryAfter != "" {
		header.Set("Retry-After", retryAfter)
	}
	return Respond(Answer{Code: int(status.Code), Header: header, Body: body})
}

// must is for what can only fail by a mistake in the program.
func must[T any](v T, err error) T {
	if err != nil {
		panic("apiservertest: " + err.Error())
	}
	return v
}

// HTML answers with a page, as proxies do, be the code that of an error or not.
func HTML(code int) Effect {
	return Respond(Answer{
		Code:   code,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   []byte("<!DOCTYPE html>\n<html><head><title>" + http.StatusText(code) + "</title></head><body><h1>It works, somehow</h1></body></html>\n"),
	})
}

// Garbage answers with size random bytes, which it calls what the client asked for, or contentType if it is not empty.
func Garbage(size int, contentType string) Effect {
	return func(x *Exchange) {
		claimed := contentType
		if claimed == "" {
			claimed, _, _ = strings.Cut(x.Request.Header.Get("Accept"), ",") // the one that it likes best
		}
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(x.Rand.Uint32())
		}
		Respond(Answer{Header: http.Header{"Content-Type": {claimed}}, Body: body})(x)
	}
}

// Header lets the server answer, but changes its header before it is sent: another Content-Type, for instance.
func Header(change func(code int, h http.Header)) Effect {
	return func(x *Exchange) {
		w := &tap{ResponseWriter: x.Writer, write: x.Writer.Write}
		w.head = func(code int) { change(code, w.Header()) }
		x.next(w, x.Request)
	}
}

// GzipBomb answers with size bytes of white space, a thousandth of that when compressed, as JSON.
func GzipBomb(size int64) Effect {
	return func(x *Exchange) {
		x.Writer.Header().Set("Content-Type", "application/json")
		x.Writer.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(x.Writer)
		if _, err := io.CopyN(z, spaces{}, size); err != nil {
			x.End(Abort)
		}
		_ = z.Close() // a client that is gone misses nothing
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
