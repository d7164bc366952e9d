package cache

import (
	"context"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/klog/v2"
)

// WatchErrorHandler is told of errors of list and watch, before each retry. It is for reporting only and should return
// soon.
type WatchErrorHandler func(r *Reflector, err error)

// WatchErrorHandlerWithContext is a WatchErrorHandler with a context, for logging.
type WatchErrorHandlerWithContext func(ctx context.Context, r *Reflector, err error)

// DefaultWatchErrorHandler logs the error. What belongs to normal operation, like a resource version that the server has
// forgotten, or a connection that was cut, is logged at higher verbosity only.
func DefaultWatchErrorHandler(ctx context.Context, r *Reflector, err error) {
	logger := klog.FromContext(ctx)
	switch {
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		logger.V(4).Info("Resource version has expired, listing again", "reflector", r.name, "type", r.typeDescription, "err", err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		logger.V(1).Info("Watch was cut off, resuming it", "reflector", r.name, "type", r.typeDescription, "err", err)
	default:
		// Not by utilruntime.HandleError, which may sleep: the reflector is at work here, and waits between errors anyway.
		logger.Error(err, "List or watch failed, trying again", "reflector", r.name, "type", r.typeDescription)
	}
}

// VeryShortWatchError says that the server closed a watch within a second, without an event. If that happens all the
// time then something between client and server does not let watches through.
type VeryShortWatchError struct {
	// Name is the name of the reflector.
	Name string
}

// Error implements error.
func (e *VeryShortWatchError) Error() string {
	return fmt.Sprintf("very short watch: %s: the server closed the watch within a second without sending an event", e.Name)
}
