package differential

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// watch is an open watch. Its reader stops when stop is called, or when the server ends it.
type watch struct {
	events chan any // closed at the end
	end    string   // how it ended; for readers of the closed channel
	stop   func()
}

// openWatch does "WATCH name path".
func (r *run) openWatch(ctx context.Context, s step) (exchange, error) {
	name, path, ok := strings.Cut(s.path, " ")
	if !ok {
		return exchange{}, fmt.Errorf("write WATCH name path")
	}
	e := exchange{Request: s.title()}
	ctx, cancel := context.WithCancel(ctx)
	s.method, s.path = "GET", path
	resp, err := r.open(ctx, s)
	if err != nil {
		cancel()
		return e, err
	}
	e.Status, e.Headers = resp.StatusCode, selectHeaders(resp.Header)
	if resp.StatusCode != http.StatusOK {
		defer cancel()
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return e, err
		}
		e.Body, err = decode(data, resp.Header.Get("Content-Type"), s.text)
		return e, err
	}
	w := &watch{events: make(chan any, 1000), stop: cancel}
	r.watches[name] = w
	read := jsonEvents(resp.Body)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), protobufType) {
		read = protobufEvents(resp.Body)
	}
	go func() {
		defer close(w.events)
		defer resp.Body.Close()
		for {
			event, err := read()
			if err != nil {
				w.end = err.Error()
				return
			}
			w.events <- event
		}
	}()
	return e, nil
}

// jsonEvents returns a function that reads the next event of a stream of JSON.
func jsonEvents(stream io.Reader) func() (any, error) {
	decoder := json.NewDecoder(stream)
	decoder.UseNumber()
	return func() (event any, err error) {
		err = decoder.Decode(&event)
		return event, err
	}
}

// protobufEvents returns a function that reads the next event of a stream of protobuf: its length in four bytes, the event
// without an envelope, and in it the object with one.
func protobufEvents(stream io.Reader) func() (any, error) {
	return func() (any, error) {
		var length uint32
		if err := binary.Read(stream, binary.BigEndian, &length); err != nil {
			return nil, err
		}
		frame := make([]byte, length)
		if _, err := io.ReadFull(stream, frame); err != nil {
			return nil, err
		}
		var event metav1.WatchEvent
		if err := event.Unmarshal(frame); err != nil {
			return nil, err
		}
		object, err := decode(event.Object.Raw, protobufType, false)
		return map[string]any{"type": event.Type, "object": object}, err
	}
}

// notOpen is the end of a watch that the server refused.
const notOpen = "not open"

// awaitEvents does "EVENTS name n": it waits for the next n events.
func (r *run) awaitEvents(ctx context.Context, s step) (exchange, error) {
	name, count, _ := strings.Cut(s.path, " ")
	e := exchange{Request: s.title()}
	w, ok := r.watches[name]
	if !ok {
		e.End = notOpen
		return e, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		return e, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for len(e.Events) < n && e.End == "" {
		e.End = w.next(ctx, &e.Events)
	}
	if s.id != "" {
		r.answers[s.id] = map[string]any{"events": e.Events}
	}
	return e, nil
}

// awaitEnd does "END name": it waits until the server ends the watch.
func (r *run) awaitEnd(ctx context.Context, s step) (exchange, error) {
	e := exchange{Request: s.title()}
	w, ok := r.watches[s.path]
	if !ok {
		e.End = notOpen
		return e, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for e.End == "" {
		e.End = w.next(ctx, &e.Events)
	}
	return e, nil
}

// next appends the next event, or says why there is none.
func (w *watch) next(ctx context.Context, events *[]any) string {
	select {
	case event, ok := <-w.events:
		if !ok {
			return w.end
		}
		*events = append(*events, event)
		return ""
	case <-ctx.Done():
		return fmt.Sprintf("no event for %v", patience.Round(time.Second))
	}
}
