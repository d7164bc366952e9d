package reflector

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var (
	// ErrLost is wrapped by errors of a watch that stand for a change that was not seen, so that only a list can tell.
	ErrLost = errors.New("a change was lost")
	// ErrShortWatch says that the server closed a watch within a second, without an event.
	ErrShortWatch = errors.New("the server closed the watch within a second without sending an event")
	// ErrStreamRefused is wrapped by errors that say that the server does not stream lists (KEP-3157). Nothing is wrong
	// with that: it is asked for pages.
	ErrStreamRefused = errors.New("the server does not stream lists")
	// ErrStale is wrapped by errors that say that a server is behind what was seen: a replica that lags, or storage
	// that was restored from a backup.
	ErrStale = errors.New("the server is behind what was seen")
	// ErrClockJumped is wrapped by errors that say that the machine has slept, or its clock was set, so that the
	// connection is not trusted any more.
	ErrClockJumped = errors.New("the clock jumped")
)

// errNoVersion says that an answer is no list, though it looks like one, an empty one.
var errNoVersion = errors.New("the list has no version, and lists of this server have one")

// errDoubtful says the same of an answer of a server whose lists are not known yet.
var errDoubtful = errors.New("the list is empty and has no version, as if it were none")

// errPaging says that pages cannot be those of one list.
var errPaging = errors.New("the pages are not one list")

// Why a watch is given up.
var (
	errSilent   = errors.New("the server has not ended the watch when it should have: the connection is taken for dead")
	errNoAnswer = errors.New("the server has not answered the request to watch")
	errStalled  = errors.New("the stream did not come to the end of the collection")
	errCut      = errors.New("the server ended the stream before the end of the collection")
)

// Lost wraps err so that the reflector lists again.
func Lost(err error) error {
	return fmt.Errorf("%w: %w", ErrLost, err)
}

// staleVersion is an error that wraps ErrStale.
func staleVersion(what, version, seen string) error {
	return fmt.Errorf("%w: %s is of version %s, after version %s", ErrStale, what, version, seen)
}

// versionUnavailable says whether the server cannot answer at the version it was asked for: it has forgotten it (410
// Gone), or it has not reached it yet (an older replica, or storage restored from a backup).
func versionUnavailable(err error) bool {
	return apierrors.IsResourceExpired(err) || apierrors.IsGone(err) || tooLarge(err)
}

// tooLarge recognises "Too large resource version". Servers before 1.18 say so only in the message.
func tooLarge(err error) bool {
	if apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge) {
		return true
	}
	var status apierrors.APIStatus
	return errors.As(err, &status) &&
		status.Status().Code == http.StatusGatewayTimeout &&
		strings.Contains(status.Status().Message, "Too large resource version")
}

// wrongRequest says whether the server calls the request itself wrong, so that it will not answer it later either.
func wrongRequest(err error) bool {
	switch statusCode(err) {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// denied says whether the server does not let this client, or anyone, do this with the resource.
func denied(err error) bool {
	switch statusCode(err) {
	case http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}

// statusCode is the HTTP status that the server answered with, or zero.
func statusCode(err error) int32 {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return 0
	}
	return status.Status().Code
}

// maxRetryAfter is the longest that a server can make a reflector wait.
const maxRetryAfter = time.Minute

// retryAfter is how long the server asks to be left alone, at most maxRetryAfter.
func retryAfter(err error) time.Duration {
	seconds, _ := apierrors.SuggestsClientDelay(err)
	return max(0, min(time.Duration(seconds)*time.Second, maxRetryAfter))
}
