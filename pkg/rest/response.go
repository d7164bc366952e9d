package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Do sends the request, reads the response and returns it. The Result's error is a *StatusError of apimachinery's api/errors
// if the server answered with anything but success, and else says why there is no answer.
func (r *Request) Do(ctx context.Context) Result {
	ctx, cancel := r.boundAnswer(ctx)
	defer cancel()
	x, err := r.exchange(r.limiter)
	if err != nil {
		return Result{err: err}
	}
	for {
		resp, err := x.send(ctx)
		if err != nil {
			return Result{err: err}
		}
		result := r.receive(ctx, resp)
		if !result.broken {
			return result
		}
		// The connection was lost, if later than before the header: what is safe to send again is.
		again, err := x.again(ctx, nil, result.err)
		if !again {
			result.err = err
			return result
		}
	}
}

// DoRaw sends the request and returns the body of the response, not decoded. If the server answered with anything but
// success, the error is as with Do, and the body is what was read of it.
func (r *Request) DoRaw(ctx context.Context) ([]byte, error) {
	return r.Do(ctx).Raw()
}

// Stream sends the request and returns the body of the response to be read and closed by the caller. It is not bounded. An
// answer other than success is an error as with Do. The body ends with ctx.
func (r *Request) Stream(ctx context.Context) (io.ReadCloser, error) {
	x, err := r.exchange(r.limiter)
	if err != nil {
		return nil, err
	}
	ctx, cancel := r.boundStream(ctx)
	resp, err := x.send(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	if !succeeded(resp) {
		defer cancel()
		return nil, r.receive(ctx, resp).err
	}
	handleWarnings(ctx, resp.Header, r.warnings)
	return &streamBody{ReadCloser: resp.Body, cancel: cancel}, nil
}

// streamBody frees the context of a stream when that is closed.
type streamBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (s *streamBody) Close() error {
	defer s.cancel()
	return s.ReadCloser.Close()
}

// receive reads a response to its end.
func (r *Request) receive(ctx context.Context, resp *http.Response) Result {
	defer resp.Body.Close()
	result := Result{
		contentType: resp.Header.Get(contentTypeHeader),
		statusCode:  resp.StatusCode,
		content:     &r.content,
		warnings:    handleWarnings(ctx, resp.Header, r.warnings),
	}
	if !succeeded(resp) {
		// Whatever can be read of an error is better than nothing: an error while reading it would hide it.
		result.body, _ = readBody(resp.Body, resp.ContentLength, maxErrorBodyBytes)
		result.err = r.statusError(resp, result.body)
		return result
	}
	body, err := readBody(resp.Body, resp.ContentLength, r.maxBody)
	switch {
	case errors.Is(err, errBodyTooLarge):
		result.err = r.errTooLarge()
	case err != nil:
		result.err = r.errBrokeOff(int64(len(body)), err)
		result.broken = true
	default:
		result.body = body
		r.observeBody(ctx, len(body))
	}
	return result
}

func (r *Request) errTooLarge() error {
	if r.maxBody != maxBodyBytes {
		return fmt.Errorf("the response to %s %s is larger than the %d bytes that this request allows", r.verb, r.URL().Path, r.maxBody)
	}
	return fmt.Errorf("the response to %s %s is larger than %d bytes: read a list in pages (ListOptions.Limit), or use Stream", r.verb, r.URL().Path, maxBodyBytes)
}

func (r *Request) errBrokeOff(after int64, err error) error {
	return fmt.Errorf("the response to %s %s broke off after %d bytes: %w", r.verb, r.URL().Path, after, err)
}

func succeeded(resp *http.Response) bool { return resp.StatusCode >= 200 && resp.StatusCode < 300 }

var errBodyTooLarge = errors.New("body is too large")

// readBody reads to the end, or limit bytes and errBodyTooLarge if there are more. What was read is returned in any case.
// claimed is the length that the sender names, or negative; it is believed up to a point.
func readBody(r io.Reader, claimed, limit int64) ([]byte, error) {
	const believed = 1 << 20
	r = io.LimitReader(r, limit+1)
	var body []byte
	var err error
	if claimed >= 0 && claimed <= believed {
		var buffer bytes.Buffer
		buffer.Grow(int(claimed) + bytes.MinRead) // room to see the end without growing
		_, err = buffer.ReadFrom(r)
		body = buffer.Bytes()
	} else {
		body, err = io.ReadAll(r) // grows with less to throw away than a buffer
	}
	if int64(len(body)) > limit {
		return body[:limit], errBodyTooLarge
	}
	return body, err
}
