// Package frame cuts the body of a watch response into frames, one per event, and that of a list into its items:
//
//	bytes, in chunks of any size ──▶ Reader.Next ──▶ one whole frame, or an error; never a part of one
//	                             └─▶ List.Next ────▶ one whole item, or an error; List.Rest has what is around the items
//
// JSON and CBOR streams are values one after the other (RFC 8742 for CBOR); protobuf streams put the length before each
// frame, as four bytes, big end first. All readers hold one frame at a time in one buffer, which grows with the bytes that
// have arrived and never by a length that was only claimed, and is given up after a frame of unusual size.
package frame

import (
	"errors"
	"io"
)

// ErrTooLarge says that a frame is larger than the reader's limit. The stream cannot be used any more.
var ErrTooLarge = errors.New("frame is larger than the limit")

// Reader reads frames. It is not safe for concurrent use.
type Reader interface {
	// Next blocks until a whole frame is there and returns it. The frame is valid until the next call. Errors are final:
	// io.EOF at the end of the stream between two frames, io.ErrUnexpectedEOF at an end within a frame, ErrTooLarge,
	// or whatever else reading or cutting led to.
	Next() ([]byte, error)
}

const (
	// initialBuffer holds most events of small objects.
	initialBuffer = 4 << 10
	// maxIdleBuffer is what a stream that waits for its next frame may hold: few objects are larger.
	maxIdleBuffer = 128 << 10
)

// buffer is the part of a stream that has been read and not yet handed out: data[start:end].
type buffer struct {
	source     io.Reader
	max        int // the most bytes that one frame may have
	data       []byte
	start, end int
	err        error // what reading ended with; final
}

// unread returns the bytes that are there.
func (b *buffer) unread() []byte { return b.data[b.start:b.end] }

// take hands out the next n unread bytes.
func (b *buffer) take(n int) []byte {
	f := b.data[b.start : b.start+n : b.start+n]
	b.start += n
	return f
}

// fill reads at least one more byte, or returns why there are no more.
func (b *buffer) fill() error {
	if b.err != nil {
		return b.err
	}
	b.makeRoom()
	for range 100 { // like bufio, give up on a reader that returns nothing over and over
		n, err := b.source.Read(b.data[b.end:])
		b.end += n
		if err != nil {
			b.err = err
		}
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	b.err = io.ErrNoProgress
	return b.err
}

// need reads until n unread bytes are there.
func (b *buffer) need(n int) error {
	for len(b.unread()) < n {
		if err := b.fill(); err != nil {
			return err
		}
	}
	return nil
}

func (b *buffer) makeRoom() {
	if b.start == b.end && len(b.data) > maxIdleBuffer {
		b.data, b.start, b.end = nil, 0, 0
	}
	if b.start > 0 && (b.start == b.end || b.end == len(b.data)) {
		b.end = copy(b.data, b.unread())
		b.start = 0
	}
	if b.end < len(b.data) {
		return
	}
	grown := make([]byte, max(2*len(b.data), initialBuffer))
	b.end = copy(grown, b.unread())
	b.start = 0
	b.data = grown
}

// truncated turns an end of the stream within a frame into what it is.
func truncated(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
