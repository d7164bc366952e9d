package reflector

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ErrLost is wrapped by errors of a watch that stand for a change that was not seen, so that only a list can tell.
var ErrLost = errors.New("a change was lost")

// ErrShortWatch says that the server closed a watch within a second, without an event.
var ErrShortWatch = errors.New("the server closed the watch within a second without sending an event")

// errSilent is the cause when the deadline of a watch has passed, and errNoAnswer when it did not even begin.
var (
	errSilent   = errors.New("the server has not ended the watch when it should have: the connection is taken for dead")
	errNoAnswer = errors.New("the server has not answered the request to watch")
)

// Lost wraps err so that the reflector lists again.
func Lost(err error) error {
	return fmt.Errorf("%w: %w", ErrLost, err)
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
