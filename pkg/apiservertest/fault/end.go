package fault

import (
	"fmt"
	"net/http"
)

// End is how an answer ends that is broken off.
type End int

const (
	// Clean is the end of an answer that is complete: the last chunk, END_STREAM.
	Clean End = iota
	// Abort is the end of an answer that cannot go on: over HTTP/1.1 the connection is closed before the last chunk or
	// the announced length, over HTTP/2 the stream is reset and the connection goes on.
	Abort
	// Close closes the connection, over HTTP/2 with all other requests on it, and a few milliseconds later, so that what
	// was written gets out.
	Close
	// Reset resets the connection: what the client has not read yet is lost, and it gets "connection reset by peer".
	Reset
	// Silence lets nothing follow. The connection stays open until the client gives up; over HTTP/2 other requests on it
	// go on.
	Silence
)

func (e End) String() string {
	names := [...]string{"Clean", "Abort", "Close", "Reset", "Silence"}
	if e < 0 || int(e) >= len(names) {
		return fmt.Sprintf("End(%d)", int(e))
	}
	return names[e]
}

// End ends the answer behind what was written. Only Clean returns, the others panic with http.ErrAbortHandler, which is
// for net/http. Calls of the handler without a connection have it as the end of all but Clean.
func (x *Exchange) End(end End) {
	switch end {
	case Clean:
		return
	case Silence:
		x.Wait()
	default:
		if c := x.Conn(); c != nil {
			c.end(end)
		}
	}
	panic(http.ErrAbortHandler)
}

// Break ends the answer before its first byte, and without the server having seen the request. Clean is an empty answer
// with status 200.
func Break(end End) Effect { return func(x *Exchange) { x.End(end) } }

// BreakAfter lets the server do what it is asked for, and then loses the answer: the client cannot know that it was done.
func BreakAfter(end End) Effect {
	return func(x *Exchange) {
		lost := &tap{ResponseWriter: &buffer{header: http.Header{}}, write: func(p []byte) (int, error) { return len(p), nil }}
		x.next(lost, x.Request)
		x.End(end)
	}
}

// Goaway tells a client of HTTP/2 with a GOAWAY frame to open another connection, as a kube-apiserver does now and then
// (flag --goaway-chance): the request and all others on the connection end normally. Over HTTP/1.1 the connection is
// closed after the answer.
func Goaway() Effect {
	return func(x *Exchange) {
		x.Writer.Header().Set("Connection", "close")
		x.Serve()
	}
}
