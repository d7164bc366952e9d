package frame

import (
	"bytes"
	"errors"
)

// ErrNotAnEvent says that a JSON object is not shaped like an event. It does not repeat what is there.
var ErrNotAnEvent = errors.New(`not an event: want a JSON object with "type", a string, and "object"`)

// Event takes a JSON metav1.WatchEvent apart without a copy: eventType and object are parts of frame, and so is the
// validity of what is inside object left to its decoder. Other fields are passed over. An event without one of the two
// fields has nil there.
func Event(frame []byte) (eventType, object []byte, err error) {
	p := parser{data: frame}
	if !p.take('{') {
		return nil, nil, ErrNotAnEvent
	}
	if p.take('}') {
		return nil, nil, p.end()
	}
	for {
		key := p.value()
		if len(key) < 2 || key[0] != '"' || !p.take(':') {
			return nil, nil, ErrNotAnEvent
		}
		value := p.value()
		switch string(key) {
		case `"type"`:
			if len(value) < 2 || value[0] != '"' || bytes.IndexByte(value, '\\') >= 0 {
				return nil, nil, ErrNotAnEvent // no type has a character that needs an escape
			}
			eventType = value[1 : len(value)-1]
		case `"object"`:
			object = value
		}
		if len(value) == 0 {
			return nil, nil, ErrNotAnEvent
		}
		switch {
		case p.take(','):
		case p.take('}') && p.end() == nil:
			return eventType, object, nil
		default:
			return nil, nil, ErrNotAnEvent
		}
	}
}

// parser reads JSON tokens from data.
type parser struct{ data []byte }

// take removes c if it is the next character after white space.
func (p *parser) take(c byte) bool {
	p.skipSpace()
	if len(p.data) == 0 || p.data[0] != c {
		return false
	}
	p.data = p.data[1:]
	return true
}

// end returns an error unless nothing but white space is left.
func (p *parser) end() error {
	if p.skipSpace(); len(p.data) > 0 {
		return ErrNotAnEvent
	}
	return nil
}

// value removes and returns the next value; empty if there is none.
func (p *parser) value() []byte {
	p.skipSpace()
	n := 0
	switch {
	case len(p.data) == 0:
	case p.data[0] == '{', p.data[0] == '[', p.data[0] == '"':
		var s jsonScanner
		n = s.scan(p.data)
	default: // a number, true, false or null
		if n = bytes.IndexAny(p.data, " \t\r\n,}]"); n < 0 {
			n = len(p.data)
		}
	}
	v := p.data[:n]
	p.data = p.data[n:]
	return v
}

func (p *parser) skipSpace() {
	for len(p.data) > 0 {
		switch p.data[0] {
		case ' ', '\t', '\r', '\n':
			p.data = p.data[1:]
		default:
			return
		}
	}
}
