package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

// Watch sends the request and returns the events that the server streams. It does not wait for the rate limiter.
//
// An answer other than a stream of events is an error as with Do. After that, the result channel
//
//   - is closed without further ado when the server ends the stream between two events, when Stop is called and when ctx
//     ends;
//   - delivers one event of type Error with a Status and is closed when the stream breaks, within an event or not (the
//     Status has a cause of type ClientWatchBroken), and when something comes that is no event (ClientWatchDecoding).
//
// An event that arrives whole, with an object that cannot be decoded, is delivered as one of type Error, too, if the name
// and resourceVersion of the object can be read. The last cause of its Status is of type ClientWatchUndecodable and says
// which object that is and what happened to it; its content is nowhere in the Status. The watch goes on with the next event.
// So it does after events of type Error that the server sends, which are delivered with their Status.
//
// Objects are the consumer's. The channel is closed when the body is, and no goroutine serves the watch any more. That may be
// seconds after Stop, if a server does not even take the end of a TLS connection.
func (r *Request) Watch(ctx context.Context) (watch.Interface, error) {
	x, err := r.exchange(nil)
	if err != nil {
		return nil, err
	}
	streamCtx, cancel := r.boundWatch(ctx)
	resp, err := x.send(streamCtx)
	if err != nil {
		cancel()
		return nil, err
	}
	events, err := r.openStream(streamCtx, resp)
	if err != nil {
		cancel()
		return nil, err
	}
	w := &streamWatch{
		body:    resp.Body,
		events:  events,
		verb:    r.verb,
		ctx:     ctx,
		bound:   streamCtx,
		cancel:  cancel,
		result:  make(chan watch.Event),
		stopped: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// openStream returns the reader of the events in a response, or closes that and returns the error which it stands for.
func (r *Request) openStream(ctx context.Context, resp *http.Response) (*eventReader, error) {
	if resp.StatusCode != http.StatusOK {
		result := r.receive(ctx, resp)
		if result.err == nil {
			result.err = fmt.Errorf("the server answered a watch with %s instead of a stream of events", resp.Status)
		}
		return nil, result.err
	}
	events, err := newEventReader(&r.content, resp)
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	handleWarnings(ctx, resp.Header, r.warnings)
	return events, nil
}

// streamWatch implements watch.Interface. All fields are fixed at construction; events belongs to run.
type streamWatch struct {
	body   io.ReadCloser
	events *eventReader
	verb   string
	ctx    context.Context // the caller's
	bound  context.Context // that of the request
	cancel context.CancelFunc
	result chan watch.Event

	stopOnce sync.Once
	stopped  chan struct{} // closed by Stop
}

func (w *streamWatch) ResultChan() <-chan watch.Event { return w.result }

// Stop ends the watch and does not wait for that. It may be called more than once and from anywhere.
func (w *streamWatch) Stop() {
	w.stopOnce.Do(func() {
		close(w.stopped)
		w.cancel()
	})
}

// run delivers events, and then waits until the body is closed.
func (w *streamWatch) run() {
	defer close(w.result)
	closed := w.closeAtEnd()
	defer func() {
		w.Stop()
		<-closed
		w.events.close()
	}()
	for {
		event, err := w.events.next()
		if u, ok := errors.AsType[*undecodableEventError](err); ok {
			event, err = w.undecodable(u), nil
		}
		if err != nil {
			w.end(err)
			return
		}
		if !w.deliver(event) {
			return
		}
	}
}

// closeAtEnd closes the body when the request ends, and the channel that it returns when that is done. It may take seconds: TLS
// tells a peer that it closes the connection, and the peer may not listen.
func (w *streamWatch) closeAtEnd() <-chan struct{} {
	closed := make(chan struct{})
	context.AfterFunc(w.bound, func() {
		defer close(closed)
		_ = w.body.Close() // that of a real transport ends with the request anyway; others may need this
	})
	return closed
}

// deliver returns false if nobody listens any more.
func (w *streamWatch) deliver(event watch.Event) bool {
	select {
	case w.result <- event:
		return true
	case <-w.stopped:
	case <-w.ctx.Done():
	}
	return false
}

// end tells the consumer why there are no more events, unless the stream has just ended or nobody listens any more.
func (w *streamWatch) end(err error) {
	select {
	case <-w.stopped:
		return
	default:
	}
	if w.ctx.Err() != nil {
		return
	}
	cause := watchcause.Decoding
	if _, ok := errors.AsType[*decodeError](err); !ok {
		if errors.Is(err, io.EOF) {
			return
		}
		cause = watchcause.Broken
	}
	klog.FromContext(w.ctx).V(4).Info("A watch ended with an error", "err", err, "cause", cause)
	w.deliver(watch.Event{Type: watch.Error, Object: w.status(err, cause)})
}

// undecodable returns the event that stands for one whose object cannot be decoded.
func (w *streamWatch) undecodable(u *undecodableEventError) watch.Event {
	klog.FromContext(w.ctx).V(4).Info("A watch passes over an object that cannot be decoded", "event", u.typ, "err", u)
	status := w.status(u, watchcause.Undecodable)
	status.Details.Causes[len(status.Details.Causes)-1] = watchcause.NewUndecodable(u.object())
	return watch.Event{Type: watch.Error, Object: status}
}

// status returns an error as a Status whose last cause is of the given type.
func (w *streamWatch) status(err error, cause string) *metav1.Status {
	return apierrors.NewClientErrorReporter(http.StatusInternalServerError, w.verb, cause).AsObject(err).(*metav1.Status)
}
