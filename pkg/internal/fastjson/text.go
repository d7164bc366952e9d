package fastjson

import (
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// text makes strings. Short ones share blocks of memory, so that an object with many of them is a few allocations.
type text struct {
	free []byte
}

const (
	minBlock = 64
	maxBlock = 1024
	// longest is how long a string that shares a block may be.
	longest = 128
)

// string returns a copy of b. left is how much of the document is still to come, b included, which bounds what is needed.
func (t *text) string(b []byte, left int) string {
	switch {
	case len(b) == 0:
		return ""
	case len(b) > longest:
		return string(b)
	case len(b) > len(t.free):
		size := 1 << (bits.Len(uint(left)) - 1)
		t.free = make([]byte, max(min(size, maxBlock), minBlock, len(b)))
	}
	n := copy(t.free, b)
	s := unsafe.String(&t.free[0], n)
	t.free = t.free[n:]
	return s
}

// string passes the string that is next and returns it.
func (d *decoder) string() (string, bool) {
	if d.peek() != '"' {
		return "", false
	}
	left := len(d.data) - d.pos
	between, plain, ok := d.quoted()
	if !ok {
		return "", false
	}
	if !plain {
		if !d.unescape(between) {
			return "", false
		}
		between = d.unescaped
	}
	return d.text.string(between, left), true
}

// unescape puts s without its escapes into d.unescaped. A half of a surrogate pair alone is not done.
func (d *decoder) unescape(s []byte) bool {
	out := d.unescaped[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		i++ // there is a byte: a quote that ends the string is not escaped
		switch c = s[i]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, n := escapedRune(s[i-1:])
			if n == 0 {
				return false
			}
			out = utf8.AppendRune(out, r)
			i += n - 2
		default:
			return false
		}
	}
	d.unescaped = out
	return true
}

// escapedRune returns the rune that s begins with as \uXXXX, or as a pair of those, and how long that is; 0 if it does not.
func escapedRune(s []byte) (rune, int) {
	const unit = len(`\uXXXX`)
	r, ok := escapedUnit(s)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, unit
	}
	low, ok := escapedUnit(s[unit:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 2 * unit
}

func escapedUnit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range s[2:6] {
		digit, err := strconv.ParseUint(string(rune(c)), 16, 8)
		if err != nil {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}
