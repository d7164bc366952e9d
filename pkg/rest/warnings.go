package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"k8s.io/apimachinery/pkg/util/net"
	"k8s.io/klog/v2"
)

// WarningHandler is told of the warnings of responses (RFC 7234 section 5.5; KEP-1693). Implementations are safe for
// concurrent use.
type WarningHandler interface {
	HandleWarningHeader(code int, agent string, text string)
}

// WarningHandlerWithContext is WarningHandler with the context of the request. Implementations are safe for concurrent
// use. text comes from the server and may have anything in it.
type WarningHandlerWithContext interface {
	HandleWarningHeaderWithContext(ctx context.Context, code int, agent string, text string)
}

// miscellaneousWarning is the code of all warnings that Kubernetes sends.
const miscellaneousWarning = 299

// defaultWarningHandler is what SetDefaultWarningHandlerWithContext has set; until then warnings are logged. It is the one
// global of this package, and is there for programs that were written for client-go: set a handler in Config instead.
var defaultWarningHandler atomic.Pointer[WarningHandlerWithContext]

// SetDefaultWarningHandlerWithContext sets what handles warnings for clients and requests that have no handler of their
// own: NoWarnings, WarningLogger (the default), the result of NewWarningWriter, or any other. nil means NoWarnings.
func SetDefaultWarningHandlerWithContext(l WarningHandlerWithContext) {
	if l == nil {
		l = NoWarnings{}
	}
	defaultWarningHandler.Store(&l)
}

// NoWarnings is a handler that ignores warnings.
type NoWarnings struct{}

// HandleWarningHeaderWithContext does nothing.
func (NoWarnings) HandleWarningHeaderWithContext(ctx context.Context, code int, agent string, message string) {
}

// WarningLogger is a handler that logs warnings with code 299.
type WarningLogger struct{}

// HandleWarningHeaderWithContext logs the warning with the logger of ctx.
func (WarningLogger) HandleWarningHeaderWithContext(ctx context.Context, code int, agent string, message string) {
	if code == miscellaneousWarning && message != "" {
		klog.FromContext(ctx).Info("Warning from the API server", "warning", message)
	}
}

// WarningWriterOptions are options of NewWarningWriter.
type WarningWriterOptions struct {
	// Deduplicate writes equal warnings once. A few thousand are remembered; then the handler forgets and begins anew.
	Deduplicate bool
	// Color writes the word "Warning" in yellow, with ANSI escape codes.
	Color bool
}

// maxRememberedWarnings bounds the memory of a writer that deduplicates.
const maxRememberedWarnings = 4096

type warningWriter struct {
	out  io.Writer
	opts WarningWriterOptions

	mu      sync.Mutex // guards written, and out
	written map[string]struct{}
}

// NewWarningWriter returns a handler that writes warnings with code 299 to out, a line each. Control characters, with which
// a server could confuse a terminal, are replaced.
func NewWarningWriter(out io.Writer, opts WarningWriterOptions) *warningWriter {
	return &warningWriter{out: out, opts: opts, written: map[string]struct{}{}}
}

// HandleWarningHeader writes the warning.
func (w *warningWriter) HandleWarningHeader(code int, agent string, message string) {
	if code != miscellaneousWarning || message == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.opts.Deduplicate {
		if _, known := w.written[message]; known {
			return
		}
		if len(w.written) >= maxRememberedWarnings {
			clear(w.written)
		}
		w.written[message] = struct{}{}
	}
	prefix := "Warning:"
	if w.opts.Color {
		prefix = "\x1b[33;1mWarning:\x1b[0m"
	}
	fmt.Fprintln(w.out, prefix, strings.Map(printableRune, message))
}

func printableRune(r rune) rune {
	if !unicode.IsPrint(r) {
		return '\uFFFD'
	}
	return r
}

// warningHandlerOf returns the handler that config asks for; nil means the default.
func warningHandlerOf(config *Config) WarningHandlerWithContext {
	if config.WarningHandlerWithContext != nil {
		return config.WarningHandlerWithContext
	}
	return withoutContext(config.WarningHandler)
}

// handleWarnings tells the handler of the warnings in header, and returns them.
func handleWarnings(ctx context.Context, header http.Header, handler WarningHandlerWithContext) []net.WarningHeader {
	values := header["Warning"]
	if len(values) == 0 {
		return nil
	}
	if handler == nil {
		handler = WarningLogger{}
		if h := defaultWarningHandler.Load(); h != nil {
			handler = *h
		}
	}
	warnings, errs := net.ParseWarningHeaders(values)
	for _, err := range errs {
		klog.FromContext(ctx).V(4).Info("Ignoring a warning header that cannot be parsed", "err", err)
	}
	for _, w := range warnings {
		handler.HandleWarningHeaderWithContext(ctx, w.Code, w.Agent, w.Text)
	}
	return warnings
}
