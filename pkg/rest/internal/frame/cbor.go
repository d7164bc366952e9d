package frame

import (
	"encoding/binary"
	"errors"
	"io"
)

// ErrNotCBOR says that a stream cannot be cut since it is not well-formed CBOR, or too deeply nested. It does not repeat
// what is there.
var ErrNotCBOR = errors.New("the stream is not a sequence of CBOR values")

// maxCBORDepth is how deep a value may be nested: more than any API object is, and few enough to keep count of.
const maxCBORDepth = 1000

// NewCBOR returns a Reader of a CBOR sequence (RFC 8742): values one after the other. It finds where a value ends and
// leaves it to the decoder to judge what is inside. A frame has at most max bytes.
func NewCBOR(r io.Reader, max int) Reader {
	return &cborReader{buf: buffer{source: r, max: max}}
}

type cborReader struct {
	buf buffer
	err error // final
}

func (c *cborReader) Next() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	frame, err := c.next()
	c.err = err
	return frame, err
}

func (c *cborReader) next() ([]byte, error) {
	var s cborScanner
	for {
		done, err := s.scan(c.buf.unread())
		switch {
		case err != nil:
			return nil, err
		case s.pos > uint64(c.buf.max):
			return nil, ErrTooLarge
		case done:
			return c.buf.take(int(s.pos)), nil
		case len(c.buf.unread()) > c.buf.max:
			return nil, ErrTooLarge
		}
		if err := c.buf.fill(); err != nil {
			if len(c.buf.unread()) == 0 {
				return nil, err // between two values
			}
			return nil, truncated(err)
		}
	}
}

// The major types of CBOR (RFC 8949 section 3.1), and what the low five bits of a head say.
const (
	cborBytes, cborText, cborArray, cborMap, cborTag, cborSimple = 2, 3, 4, 5, 6, 7

	cborOneByte    = 24 // the argument is in the next byte; 25 to 27: in two, four, eight
	cborEightBytes = 27
	cborIndefinite = 31
)

// cborScanner follows nesting through one CBOR value. It is given the value from its first byte, and each time more of it.
type cborScanner struct {
	pos      uint64 // how many bytes are behind: may be more than are there
	inString bool   // those that are not there belong to a string
	open     []cborItem
}

// cborItem is an array, map, tag or string of chunks that has not ended.
type cborItem struct {
	left       uint64 // how many values are still to come, unless indefinite
	indefinite bool   // a break ends it
	chunksOf   byte   // the major type that the values must have, if it is a string; else 0
	pairs      bool   // a map: a break must not come between key and value
	odd        bool   // within a pair
}

// scan goes on through data and reports whether the value has ended, at s.pos.
func (s *cborScanner) scan(data []byte) (done bool, err error) {
	for {
		if s.pos > uint64(len(data)) || s.pos == uint64(len(data)) && !s.inString {
			return false, nil
		}
		if s.inString {
			s.inString = false
			if s.ended() {
				return true, nil
			}
			continue
		}
		head := data[s.pos]
		major, info := head>>5, head&31
		if head == cborSimple<<5|cborIndefinite {
			if err := s.breakOff(); err != nil {
				return false, err
			}
			s.pos++
		} else {
			argument, size, ok := cborArgument(data[s.pos:])
			if info > cborEightBytes && info != cborIndefinite || info == cborIndefinite && (major < cborBytes || major == cborTag) {
				return false, ErrNotCBOR
			}
			if !ok {
				return false, nil // the head is not whole yet
			}
			if !s.fits(major, info) {
				return false, ErrNotCBOR
			}
			s.pos += size
			ended, err := s.enter(major, info == cborIndefinite, argument)
			if err != nil {
				return false, err
			}
			if !ended {
				continue
			}
		}
		if s.ended() {
			return true, nil
		}
	}
}

// fits reports whether a value of the given kind may come here: strings of chunks have chunks of their type only.
func (s *cborScanner) fits(major, info byte) bool {
	if len(s.open) == 0 {
		return true
	}
	want := s.open[len(s.open)-1].chunksOf
	return want == 0 || want == major && info != cborIndefinite
}

// enter goes into a value whose head is behind, and reports whether that was all of it.
func (s *cborScanner) enter(major byte, indefinite bool, argument uint64) (ended bool, err error) {
	item := cborItem{left: argument, indefinite: indefinite}
	switch major {
	case cborBytes, cborText:
		if !indefinite {
			if argument > 1<<62 {
				return false, ErrTooLarge
			}
			s.pos += argument
			s.inString = true
			return false, nil
		}
		item.chunksOf = major
	case cborArray:
	case cborMap:
		if argument > 1<<62 {
			return false, ErrTooLarge
		}
		item.left *= 2
		item.pairs = true
	case cborTag:
		item.left = 1
	default: // an integer, or a simple value
		return true, nil
	}
	if item.left == 0 && !indefinite {
		return true, nil
	}
	if len(s.open) == maxCBORDepth {
		return false, ErrNotCBOR
	}
	s.open = append(s.open, item)
	return false, nil
}

// breakOff ends the innermost indefinite item.
func (s *cborScanner) breakOff() error {
	if len(s.open) == 0 {
		return ErrNotCBOR
	}
	item := s.open[len(s.open)-1]
	if !item.indefinite || item.pairs && item.odd {
		return ErrNotCBOR
	}
	s.open = s.open[:len(s.open)-1]
	return nil
}

// ended counts a value that has ended, and those that end with it. It reports whether the outermost one does.
func (s *cborScanner) ended() bool {
	for len(s.open) > 0 {
		item := &s.open[len(s.open)-1]
		item.odd = !item.odd
		if item.indefinite {
			return false
		}
		if item.left--; item.left > 0 {
			return false
		}
		s.open = s.open[:len(s.open)-1]
	}
	return true
}

// cborArgument returns the argument of the head that data begins with, and the size of that head. ok is false if it is not
// whole.
func cborArgument(data []byte) (argument, size uint64, ok bool) {
	info := data[0] & 31
	if info < cborOneByte || info > cborEightBytes {
		return uint64(info), 1, true
	}
	n := 1 << (info - cborOneByte)
	if len(data) < 1+n {
		return 0, 0, false
	}
	var b [8]byte
	copy(b[8-n:], data[1:1+n])
	return binary.BigEndian.Uint64(b[:]), uint64(1 + n), true
}
