package frame

import (
	"encoding/binary"
)

// Splitter finds the borders of frames in a stream, wherever the writes of the stream begin and end. It is for one
// goroutine.
type Splitter struct {
	media Media
	rest  []byte // of the frame that is not complete
	json  scanner
}

// NewSplitter is at the begin of a stream.
func NewSplitter(media Media) *Splitter { return &Splitter{media: media} }

// Write takes the next bytes, and calls frame for each frame that they complete, with bytes that are the caller's to
// keep. It stops at the first error of frame, and returns it.
func (s *Splitter) Write(p []byte, frame func([]byte) error) error {
	s.rest = append(s.rest, p...)
	for {
		n := s.length()
		if n == 0 {
			return nil
		}
		complete := s.rest[:n:n]
		s.rest = s.rest[n:]
		if len(s.rest) == 0 {
			s.rest = nil // complete is not ours any more
		}
		if err := frame(complete); err != nil {
			return err
		}
	}
}

// Rest is what there is of a frame that is not complete.
func (s *Splitter) Rest() []byte { return s.rest }

// length of the first frame; 0 if it is not complete.
func (s *Splitter) length() int {
	switch s.media {
	case Protobuf:
		const prefix = 4
		if len(s.rest) < prefix {
			return 0
		}
		if n := prefix + int(binary.BigEndian.Uint32(s.rest)); n <= len(s.rest) {
			return n
		}
		return 0
	case CBOR:
		n, _ := item(s.rest)
		return n
	default:
		return s.json.end(s.rest)
	}
}

// scanner finds the end of a JSON value that is an object or array. What it has seen of an incomplete one, it does not
// look at again.
type scanner struct {
	seen             int
	depth            int
	inString, masked bool
}

// end of the first value in p, with the line feed behind it if it is there; 0 if the value is not complete.
func (s *scanner) end(p []byte) int {
	for i := s.seen; i < len(p); i++ {
		switch c := p[i]; {
		case s.masked:
			s.masked = false
		case s.inString:
			s.masked, s.inString = c == '\\', c != '"'
		case c == '"':
			s.inString = true
		case c == '{', c == '[':
			s.depth++
		case c == '}', c == ']':
			s.depth--
			if s.depth > 0 {
				continue
			}
			*s = scanner{}
			end := i + 1
			if end < len(p) && p[end] == '\n' {
				end++
			}
			return end
		}
	}
	s.seen = len(p)
	return 0
}

// item returns the length of the first CBOR item in p, 0 if it is not complete, and whether the item is the break that
// ends one of indefinite length. What is not CBOR is one item to the end.
func item(p []byte) (length int, isBreak bool) {
	if len(p) == 0 {
		return 0, false
	}
	major, info := p[0]>>5, p[0]&31
	head, value := 1, uint64(info)
	switch {
	case info >= 24 && info <= 27:
		size := 1 << (info - 24)
		if len(p) < 1+size {
			return 0, false
		}
		value = 0
		for _, b := range p[1 : 1+size] {
			value = value<<8 | uint64(b)
		}
		head += size
	case info == 31:
		if major == 7 {
			return 1, true
		}
		return items(p, 1, 1<<62)
	case info > 27:
		return len(p), false
	}
	switch major {
	case 2, 3:
		if uint64(len(p)-head) < value {
			return 0, false
		}
		return head + int(value), false
	case 4:
		return items(p, head, value)
	case 5:
		return items(p, head, 2*value)
	case 6:
		return items(p, head, 1)
	default:
		return head, false
	}
}

// items is the end of n items behind the head of one, or of those to the break.
func items(p []byte, head int, n uint64) (length int, isBreak bool) {
	at := head
	for ; n > 0; n-- {
		size, end := item(p[at:])
		at += size
		if size == 0 {
			return 0, false
		}
		if end {
			break
		}
	}
	return at, false
}
