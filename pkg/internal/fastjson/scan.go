package fastjson

import "unicode/utf8"

// peek moves to the next byte that is not white space and returns it; 0 at the end, and for what is not JSON.
func (d *decoder) peek() byte {
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c > ' ':
			return c
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			d.pos++
		default:
			return 0
		}
	}
	return 0
}

func (d *decoder) atEnd() bool { return d.peek() == 0 && d.pos == len(d.data) }

// open enters an object or array.
func (d *decoder) open(brace byte) bool {
	if d.peek() != brace || d.depth == maxDepth {
		return false
	}
	d.pos++
	d.depth++
	return true
}

// closes leaves the object or array if it ends here.
func (d *decoder) closes(brace byte) bool {
	if d.peek() != brace {
		return false
	}
	d.pos++
	d.depth--
	return true
}

// separator passes what stands behind a member or element: a comma, so that more is true, or the end.
func (d *decoder) separator(brace byte) (more, ok bool) {
	if d.peek() == ',' {
		d.pos++
		return true, true
	}
	return false, d.closes(brace)
}

// key passes the name of a member and the colon. Names with escapes are not done.
func (d *decoder) key() ([]byte, bool) {
	if d.peek() != '"' {
		return nil, false
	}
	name, plain, ok := d.quoted()
	if !ok || !plain || d.peek() != ':' {
		return nil, false
	}
	d.pos++
	return name, true
}

// null passes a null, if there is one.
func (d *decoder) null() bool { return d.peek() == 'n' && d.literal("null") }

func (d *decoder) literal(word string) bool {
	end := d.pos + len(word)
	if end > len(d.data) || string(d.data[d.pos:end]) != word {
		return false
	}
	d.pos = end
	return true
}

// What a byte within a string asks for; 0 is none.
const (
	quote = iota + 1
	backslash
	control
	multibyte
)

var classes = func() (c [256]byte) {
	for b := range c {
		switch {
		case b == '"':
			c[b] = quote
		case b == '\\':
			c[b] = backslash
		case b < ' ':
			c[b] = control
		case b >= utf8.RuneSelf:
			c[b] = multibyte
		}
	}
	return c
}()

// quoted passes the string that begins here, with its quotes, and returns what is between them. plain says that this is the
// string; else it has escapes, which are not checked. The bytes are valid UTF-8.
func (d *decoder) quoted() (between []byte, plain, ok bool) {
	begin := d.pos + 1
	plain, ascii := true, true
	for i := begin; i < len(d.data); i++ {
		switch classes[d.data[i]] {
		case 0:
		case quote:
			d.pos = i + 1
			between = d.data[begin:i]
			return between, plain, ascii || utf8.Valid(between)
		case backslash:
			plain = false
			i++
		case control:
			return nil, false, false
		case multibyte:
			ascii = false
		}
	}
	return nil, false, false
}

// number passes a number and returns it. whole says that it is written as an integer.
func (d *decoder) number() (text []byte, whole, ok bool) {
	begin := d.pos
	i := begin
	if i < len(d.data) && d.data[i] == '-' {
		i++
	}
	switch first := i; {
	case d.digits(&i) == 0:
		return nil, false, false
	case d.data[first] == '0' && i > first+1:
		return nil, false, false
	}
	whole = true
	if i < len(d.data) && d.data[i] == '.' {
		whole = false
		if i++; d.digits(&i) == 0 {
			return nil, false, false
		}
	}
	if i < len(d.data) && d.data[i]|0x20 == 'e' {
		whole = false
		if i++; i < len(d.data) && (d.data[i] == '+' || d.data[i] == '-') {
			i++
		}
		if d.digits(&i) == 0 {
			return nil, false, false
		}
	}
	d.pos = i
	return d.data[begin:i], whole, true
}

// digits moves *i over digits and returns how many there were.
func (d *decoder) digits(i *int) int {
	begin := *i
	for *i < len(d.data) && d.data[*i]-'0' <= 9 {
		*i++
	}
	return *i - begin
}
