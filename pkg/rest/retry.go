package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/http2"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// RetryAfter is a decision to repeat a request.
type RetryAfter struct {
	// Wait is how long to wait before: what a Retry-After header says, or a backoff.
	Wait time.Duration
	// Attempt is the number of the attempt that is repeated; the first is 1.
	Attempt int
	// Reason says why it is repeated.
	Reason string
}

// retryPolicy decides after each attempt whether there is another one:
//
//	answer                              GET, HEAD, OPTIONS      others
//	429 or 503 with Retry-After         after the time it says  after the time it says
//	other 5xx with Retry-After          after the time it says  no: it may have been done
//	stream refused (HTTP/2)             after a backoff         after a backoff: it was surely not done (RFC 9113, 8.7)
//	connection lost                     after a backoff         no: it may have been done
//	anything else                       no                      no
//
// A 429 without Retry-After is an answer, not a request to come back: an eviction that a disruption budget forbids is one.
// Nor is there another attempt if it could not begin before the context's deadline: the caller learns at once.
//
// (Below this, net/http sends requests again that an old connection turned out not to take, or that a GOAWAY says were not
// processed: wireRequest.http lets it.)
type retryPolicy struct {
	max        int  // how many attempts there may be after the first
	replayable bool // the body can be sent again
	safe       bool // the method changes nothing

	attempts    int    // how many there have been; whoever sends counts
	first, last string // why the first and the last of them were repeated
}

// next is told how an attempt went, and returns whether and after what time there is another one.
func (p *retryPolicy) next(ctx context.Context, resp *http.Response, err error) (RetryAfter, bool) {
	wait, reason := p.judge(resp, err)
	if reason == "" || !p.replayable || p.attempts > p.max || ctx.Err() != nil {
		return RetryAfter{}, false
	}
	if wait == 0 {
		wait = p.backoff()
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return RetryAfter{}, false
	}
	if p.first == "" {
		p.first = reason
	}
	p.last = reason
	return RetryAfter{Wait: wait, Attempt: p.attempts, Reason: reason}, true
}

// judge returns why an attempt that ended with err or resp may be repeated, or an empty reason if it may not. A wait of 0
// stands for a backoff.
func (p *retryPolicy) judge(resp *http.Response, err error) (wait time.Duration, reason string) {
	if err != nil {
		if refused(err) || p.safe && connectionLost(err) {
			return 0, err.Error()
		}
		return 0, ""
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
	case code >= 500 && p.safe:
	default:
		return 0, ""
	}
	wait, ok := retryAfter(resp.Header, time.Now())
	if !ok {
		return 0, ""
	}
	return wait, "the server answered with " + resp.Status
}

// backoff is the time to wait before the next attempt if the server did not name one: it doubles, and half of it is random.
func (p *retryPolicy) backoff() time.Duration {
	d := min(minRetryBackoff<<min(p.attempts-1, 10), maxRetryBackoff)
	return d/2 + rand.N(d/2)
}

// explain adds to err, with which the last attempt ended, why there was more than one.
func (p *retryPolicy) explain(err error) error {
	switch {
	case err == nil || p.first == "":
		return err
	case p.first == p.last:
		return fmt.Errorf("%w (after attempt %d; before, it was repeated since %s)", err, p.attempts, p.last)
	}
	return fmt.Errorf("%w (after attempt %d; it was repeated first since %s, and last since %s)", err, p.attempts, p.first, p.last)
}

// refused reports whether err says that the server did nothing with a request.
func refused(err error) bool {
	stream, ok := errors.AsType[http2.StreamError](err)
	return ok && stream.Code == http2.ErrCodeRefusedStream
}

// connectionLost reports whether err is about a connection that broke, as opposed to one that could not be made or a
// request that took too long. What has no type in net/http is known by its text.
func connectionLost(err error) bool {
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, lost) {
			return true
		}
	}
	if utilnet.IsHTTP2ConnectionLost(err) || utilnet.IsProbableEOF(err) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "http2: client connection force closed") || strings.Contains(text, "http: server closed idle connection")
}

// retryAfter returns the time that a Retry-After header (RFC 9110 section 10.2.3: seconds or a date) asks to wait, at most
// maxRetryAfter; a date that has passed asks for none. ok is false if there is no header that makes sense.
func retryAfter(header http.Header, now time.Time) (wait time.Duration, ok bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		if seconds > uint64(maxRetryAfter/time.Second) {
			return maxRetryAfter, true
		}
		return time.Duration(seconds) * time.Second, true
	} else if strings.Trim(value, "0123456789") == "" { // so many digits that they do not fit
		return maxRetryAfter, true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), maxRetryAfter), true
}
