package frame

import (
	"encoding/binary"
	"errors"
	"io"
)

// ErrNotAnObject says that a JSON stream cannot be cut. It does not repeat what is there: that could be anything, and
// errors are logged.
var ErrNotAnObject = errors.New("the stream has something other than a JSON object where an event should begin")

// NewJSON returns a Reader of a stream of JSON objects with any white space between them. It finds where an object ends
// and leaves it to the decoder to judge what is inside. A frame has at most max bytes.
func NewJSON(r io.Reader, max int) Reader {
	return &jsonReader{buf: buffer{source: r, max: max}}
}

type jsonReader struct {
	buf buffer
	err error // final
}

func (j *jsonReader) Next() ([]byte, error) {
	if j.err != nil {
		return nil, j.err
	}
	frame, err := j.next()
	j.err = err
	return frame, err
}

func (j *jsonReader) next() ([]byte, error) {
	switch c, err := j.buf.peek(); {
	case err != nil:
		return nil, err // between two frames
	case c != '{':
		return nil, ErrNotAnObject
	}
	return j.buf.takeValue()
}

// peek moves to the next byte that is not white space, and returns it.
func (b *buffer) peek() (byte, error) {
	for {
		for i, c := range b.unread() {
			switch c {
			case ' ', '\t', '\r', '\n':
			default:
				b.take(i)
				return c, nil
			}
		}
		b.take(len(b.unread()))
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
}

// takeValue hands out the JSON object, array or string that begins here.
func (b *buffer) takeValue() ([]byte, error) {
	var s jsonScanner
	scanned := 0
	for {
		unread := b.unread()
		if n := s.scan(unread[scanned:]); n > 0 {
			if scanned+n > b.max {
				return nil, ErrTooLarge
			}
			return b.take(scanned + n), nil
		}
		scanned = len(unread)
		if scanned > b.max {
			return nil, ErrTooLarge
		}
		if err := b.fill(); err != nil {
			return nil, truncated(err)
		}
	}
}

// jsonScanner follows nesting and strings through one JSON object, array or string.
type jsonScanner struct {
	depth    int
	inString bool
	escaped  bool // the last byte was a backslash within a string
}

// scan returns how many bytes of data belong to the value if it ends within data, else 0.
func (s *jsonScanner) scan(data []byte) int {
	i, depth := 0, s.depth // in registers: this loop sees every byte of a stream
	if s.inString {
		if i = s.skipString(data, 0); depth == 0 && !s.inString {
			return i
		}
	}
	for i < len(data) {
		c := data[i]
		i++
		switch c {
		case '"':
			if i = s.skipString(data, i); depth == 0 && !s.inString {
				return i
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.depth = 0
				return i
			}
		}
	}
	s.depth = depth
	return 0
}

// skipString returns where data goes on after the string that it is in at i.
func (s *jsonScanner) skipString(data []byte, i int) int {
	if s.escaped && i < len(data) {
		s.escaped = false
		i++
	}
	for i < len(data) {
		for i+8 <= len(data) && !hasQuoteOrBackslash(binary.LittleEndian.Uint64(data[i:])) {
			i += 8
		}
		for end := min(i+8, len(data)); i < end; i++ {
			switch data[i] {
			case '"':
				s.inString = false
				return i + 1
			case '\\':
				if i++; i == len(data) {
					s.escaped = true
				}
			}
		}
	}
	s.inString = true
	return i
}

// hasQuoteOrBackslash reports whether one of eight bytes is a quote or a backslash. (A byte that is x becomes 0 by xor with x;
// only 0 has its high bit set by subtracting 1 while it was not set before. A borrow from a byte of 0 may set others, too.)
func hasQuoteOrBackslash(eight uint64) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^(ones*'"'), eight^(ones*'\\')
	return ((quote-ones)&^quote|(backslash-ones)&^backslash)&highs != 0
}
