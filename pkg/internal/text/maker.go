package text

import (
	"math/bits"
	"unsafe"
)

// Maker makes the strings of one document. The zero value is ready to use. It is not safe for concurrent use.
//
// Short strings share blocks of memory, so that an object with many of them is a few allocations. Those of two documents never
// do, but for what Shared has.
type Maker struct {
	// Shared, if not nil, has strings of earlier documents.
	Shared *Shared

	free []byte
}

const (
	minBlock = 64
	maxBlock = 128
	// longestInBlock is how long a string that shares a block may be.
	longestInBlock = 64
)

// String returns b as a string, and keeps nothing of b. left is how much of the document is still to come, b included, which
// bounds what is needed.
func (m *Maker) String(b []byte, left int) string {
	if len(b) <= 1 {
		return string(b) // which needs no memory
	}
	if m.Shared != nil {
		if s, ok := m.Shared.find(b); ok {
			return s
		}
	}
	if len(b) > longestInBlock {
		return string(b)
	}
	if len(b) > len(m.free) {
		size := 1 << (bits.Len(uint(left)) - 1)
		m.free = make([]byte, max(min(size, maxBlock), minBlock, len(b)))
	}
	n := copy(m.free, b)
	s := unsafe.String(&m.free[0], n)
	m.free = m.free[n:]
	return s
}
