package endpoint

import (
	"context"
	"errors"
	"io"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// watch sends events until the watch times out, the client goes, or the server closes.
func (c *call) watch() error {
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_ListOptions)
	if err != nil {
		return err
	}
	events, err := c.config.Verbs.Watch(c.r.Context(), c.req, options)
	gone := isGone(err)
	if err != nil && !gone {
		return err
	}
	s := stream{w: c.w, events: c.config.Codec.Events(rep, c.target(), c.include())}
	warn(c.w, c.deprecated(c.target()))
	c.w.Header().Set("Content-Type", rep.ContentType())
	c.w.WriteHeader(http.StatusOK)
	if gone {
		return c.cut(s.fail(err))
	}
	defer events.Stop()
	defer context.AfterFunc(c.config.Stopping, events.Stop)()
	return c.cut(s.run(c.r.Context(), events))
}

// isGone says whether history is gone that a watch would begin with: that is told as an event.
func isGone(err error) bool { return apierrors.IsResourceExpired(err) || apierrors.IsGone(err) }

// stream is the response to a watch.
type stream struct {
	w      http.ResponseWriter
	events *codec.Events
}

// run sends events as they come, and flushes when none is pending: a burst goes out in few packets, a single event at once.
func (s *stream) run(ctx context.Context, events *registry.Watch) error {
	now, cancel := context.WithCancel(ctx)
	cancel() // Next with it returns what is there
	if err := s.flush(); err != nil {
		return err
	}
	for {
		event, err := events.Next(now)
		if errors.Is(err, context.Canceled) {
			if err := s.flush(); err != nil {
				return err
			}
			event, err = events.Next(ctx)
		}
		switch {
		case errors.Is(err, io.EOF):
			return s.flush()
		case err != nil && ctx.Err() != nil: // the client has gone
			return s.flush()
		case err != nil:
			return s.fail(err)
		}
		if err := s.send(event.Type, event.Object); err != nil {
			return err
		}
	}
}

func (s *stream) send(event watch.EventType, obj runtime.Object) error {
	frame, err := s.events.Frame(event, obj)
	if err != nil {
		return s.fail(err)
	}
	_, err = s.w.Write(frame)
	return err
}

// fail ends the stream with an ERROR event.
func (s *stream) fail(err error) error {
	status := statusOf(err)
	frame, err := s.events.Frame(watch.Error, &status)
	if err != nil {
		return err
	}
	if _, err := s.w.Write(frame); err != nil { //nolint:gosec // no page, see gzip.go
		return err
	}
	return s.flush()
}

func (s *stream) flush() error { return flush(s.w) }

// flush sends what was written at once, if the writer can.
func flush(w http.ResponseWriter) error {
	err := http.NewResponseController(w).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
