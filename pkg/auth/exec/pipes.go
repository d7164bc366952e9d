package exec

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
)

var errFull = errors.New("the output is too large")

// boundedBuffer keeps what is written to it up to limit, and calls full when there is more.
type boundedBuffer struct {
	limit     int
	full      func()
	content   []byte
	overflown bool
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if len(p) > b.limit-len(b.content) {
		b.overflown, b.content = true, nil
		b.full()
		return 0, errFull
	}
	b.content = append(b.content, p...)
	return len(p), nil
}

// maxLineBytes is how much of a line lineWriter waits for.
const maxLineBytes = 4 << 10

// lineWriter passes on to w what is written to it, line by line, up to left bytes and without control characters, with which
// a terminal could be manipulated. What comes after that is dropped: a plugin shall not fail because it talks much.
type lineWriter struct {
	w    io.Writer
	left int
	line []byte // begun, but without end yet
}

func (l *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && l.left > 0 {
		part := p[:min(len(p), maxLineBytes-len(l.line), l.left)]
		if i := bytes.IndexByte(part, '\n'); i >= 0 {
			part = part[:i+1]
		}
		p, l.left = p[len(part):], l.left-len(part)
		l.line = append(l.line, part...)
		if len(l.line) == maxLineBytes || l.line[len(l.line)-1] == '\n' {
			l.flush()
		}
	}
	return n, nil
}

// flush passes on the line that has no end.
func (l *lineWriter) flush() {
	_, _ = io.WriteString(l.w, printable(string(l.line), maxLineBytes))
	l.line = l.line[:0]
}

// printable returns at most limit bytes of text without control characters other than newline and tab.
func printable(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
}
