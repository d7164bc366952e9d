package rest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// retryPolicy decides after each attempt whether there is another one:
//
//	answer                              GET, HEAD, OPTIONS      others
//	429 or 503 with Retry-After         after the time it says  after the time it says
//	other 5xx with Retry-After          after the time it says  no: it may have been done
//	connection lost                     after a backoff         no: it may have been done
//	anything else                       no                      no
//
// A 429 without Retry-After is an answer, not a request to come back: an eviction that a disruption budget forbids is one.
type retryPolicy struct {
	max        int  // how many attempts there may be after the first
	replayable bool // the body can be sent again
	safe       bool // the method changes nothing

	attempts int    // how many there have been
	last     string // why the last one is repeated
}

// next is told how an attempt went, and returns whether and after what time there is another one.
func (p *retryPolicy) next(ctx context.Context, resp *http.Response, err error) (wait time.Duration, again bool) {
	p.attempts++
	if !p.replayable || p.attempts > p.max || ctx.Err() != nil {
		return 0, false
	}
	if err != nil {
		if !p.safe || !connectionLost(err) {
			return 0, false
		}
		p.last = err.Error()
		return p.backoff(), true
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
	case code >= 500 && p.safe:
	default:
		return 0, false
	}
	wait, ok := retryAfter(resp.Header, time.Now())
	if !ok {
		return 0, false
	}
	p.last = "the server answered with " + resp.Status
	if wait == 0 {
		wait = p.backoff()
	}
	return wait, true
}

// backoff is the time to wait before the next attempt if the server did not name one: it doubles, and half of it is random.
func (p *retryPolicy) backoff() time.Duration {
	d := min(minRetryBackoff<<min(p.attempts-1, 10), maxRetryBackoff)
	return d/2 + rand.N(d/2)
}

// explain adds to err, with which the last attempt ended, why there was more than one.
func (p *retryPolicy) explain(err error) error {
	if err == nil || p.last == "" {
		return err
	}
	return fmt.Errorf("%w (after attempt %d, of which the last to be repeated failed since %s)", err, p.attempts, p.last)
}

// connectionLost reports whether err is about a connection that broke, as opposed to one that could not be made or a
// request that took too long.
func connectionLost(err error) bool {
	return utilnet.IsConnectionReset(err) || utilnet.IsHTTP2ConnectionLost(err) || utilnet.IsProbableEOF(err)
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
