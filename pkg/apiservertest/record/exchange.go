package record

import (
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

// reader counts what the server reads.
type reader struct {
	io.ReadCloser
	recorder *Recorder
	entry    *Entry
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.recorder.mu.Lock()
	defer r.recorder.mu.Unlock()
	r.entry.Received += int64(n)
	return n, err
}

// writer notes what the server writes.
type writer struct {
	http.ResponseWriter
	recorder *Recorder
	entry    *Entry

	begun  bool
	media  frame.Media
	frames *frame.Splitter // nil for what is no watch
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *writer) WriteHeader(code int) {
	if code >= http.StatusOK {
		w.begin(code)
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *writer) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.wrote(p[:n])
	return n, err
}

func (w *writer) Flush() { _ = w.FlushError() }

// FlushError is what http.ResponseController looks for first.
func (w *writer) FlushError() error {
	w.begin(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *writer) begin(code int) {
	if w.begun {
		return
	}
	w.begun = true
	if media, ok := frame.MediaOf(w.Header().Get("Content-Type")); ok && w.entry.Verb == "watch" && code == http.StatusOK && w.Header().Get("Content-Encoding") == "" {
		w.media, w.frames = media, frame.NewSplitter(media)
	}
	w.recorder.mu.Lock()
	defer w.recorder.mu.Unlock()
	w.entry.Status = code
}

func (w *writer) wrote(p []byte) {
	var frames []Frame
	count := 0
	if w.frames != nil {
		_ = w.frames.Write(p, func(b []byte) error { // only the function could fail
			count++
			if w.recorder.frames >= 0 {
				frames = append(frames, read(w.media, b))
			}
			return nil
		})
	}
	w.recorder.mu.Lock()
	defer w.recorder.mu.Unlock()
	w.entry.Sent += int64(len(p))
	w.entry.FrameCount += count
	w.entry.Frames = append(w.entry.Frames, frames...)
	if keep := w.recorder.frames; keep > 0 && len(w.entry.Frames) > 2*keep {
		w.entry.Frames = slices.Clone(w.entry.Frames[len(w.entry.Frames)-keep:])
	}
}

// read tells what is in a frame, as far as it can be read.
func read(media frame.Media, b []byte) Frame {
	f := Frame{At: time.Now(), Size: len(b)}
	event, err := frame.Decode(media, b)
	if err != nil {
		return f
	}
	f.Type = event.Type
	if o, err := frame.Object(media, event.Object.Raw); err == nil {
		f.Namespace, f.Name, f.UID, f.ResourceVersion = o.Namespace, o.Name, o.UID, o.ResourceVersion
	}
	return f
}
