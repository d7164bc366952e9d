package frame

import (
	"encoding/binary"
	"io"
)

const lengthBytes = 4

// NewLengthPrefixed returns a Reader of frames that come after their length: four bytes, big end first, as Kubernetes
// frames protobuf watch streams. A frame has at most max bytes.
func NewLengthPrefixed(r io.Reader, max int) Reader {
	return &lengthReader{buf: buffer{source: r, max: max}}
}

type lengthReader struct {
	buf buffer
	err error // final
}

func (l *lengthReader) Next() ([]byte, error) {
	if l.err != nil {
		return nil, l.err
	}
	frame, err := l.next()
	l.err = err
	return frame, err
}

func (l *lengthReader) next() ([]byte, error) {
	if err := l.buf.need(lengthBytes); err != nil {
		if len(l.buf.unread()) == 0 {
			return nil, err // between two frames
		}
		return nil, truncated(err)
	}
	length := binary.BigEndian.Uint32(l.buf.take(lengthBytes))
	if uint64(length) > uint64(l.buf.max) {
		return nil, ErrTooLarge
	}
	if err := l.buf.need(int(length)); err != nil {
		return nil, truncated(err)
	}
	return l.buf.take(int(length)), nil
}
