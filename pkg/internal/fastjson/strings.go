package fastjson

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

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
	return d.text.String(between, left), true
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
