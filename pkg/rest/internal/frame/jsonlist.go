package frame

import (
	"bytes"
	"encoding/json"
	"io"
)

// NewJSONList returns a List of a body that is a JSON object with the array "items", wherever among the fields that is. An
// item, and the rest, have at most max bytes.
func NewJSONList(r io.Reader, max int) List {
	return &jsonList{buf: buffer{source: r, max: max}}
}

type jsonList struct {
	buf     buffer
	opened  bool   // the brace of the list is behind
	fields  []byte // all but the items, with commas between them
	items   bool   // the bracket of the items is behind, or the null in their place
	inItems bool
	first   bool // of the items, none is behind
	keep    bool
	err     error // final
}

func (j *jsonList) KeepItems() { j.keep = true }

func (j *jsonList) Rest() []byte {
	if !j.opened {
		return nil
	}
	rest := append([]byte{'{'}, j.fields...)
	if j.items {
		if len(j.fields) > 0 {
			rest = append(rest, ',')
		}
		rest = append(rest, `"items":[]`...)
	}
	return append(rest, '}')
}

func (j *jsonList) Open() error {
	if j.err == nil && !j.opened {
		j.err = j.open()
	}
	return j.err
}

func (j *jsonList) Next() ([]byte, error) {
	if j.err != nil {
		return nil, j.err
	}
	item, err := j.next()
	j.err = err
	return item, err
}

func (j *jsonList) open() error {
	switch c, err := j.buf.peek(); {
	case err != nil:
		return err // the body is empty
	case c != '{':
		return ErrNotAList
	}
	j.buf.take(1)
	j.opened = true
	c, err := j.peek()
	if err != nil {
		return err
	}
	if c == '}' {
		j.buf.take(1)
		return j.end()
	}
	return j.passFields()
}

// next is called within the items.
func (j *jsonList) next() ([]byte, error) {
	c, err := j.peek()
	switch {
	case err != nil:
		return nil, err
	case c == ']':
		j.buf.take(1)
		j.inItems = false
		if err := j.passSeparator(); err != nil {
			return nil, err
		}
		return nil, j.passFields()
	case c == ',' && !j.first:
		j.buf.take(1)
	case !j.first:
		return nil, ErrNotAList
	}
	j.first = false
	return j.value()
}

// passFields moves to the items, with nil, or over the end of the body, with io.EOF.
func (j *jsonList) passFields() error {
	for !j.inItems {
		if err := j.passField(); err != nil {
			return err
		}
		if j.inItems {
			return nil
		}
		if err := j.passSeparator(); err != nil {
			return err
		}
	}
	return nil
}

// passField moves over a field or, if that is the items, into it.
func (j *jsonList) passField() error {
	name, err := j.value()
	if err != nil {
		return err
	}
	if name[0] != '"' {
		return ErrNotAList
	}
	items := !j.keep && isItems(name)
	if !items {
		if err := j.note(name, ','); err != nil {
			return err
		}
	}
	if err := j.passColon(); err != nil {
		return err
	}
	if items {
		return j.enterItems()
	}
	value, err := j.value()
	if err != nil {
		return err
	}
	return j.note(value, ':')
}

func isItems(name []byte) bool {
	if bytes.IndexByte(name, '\\') < 0 {
		return string(name) == `"items"`
	}
	var s string
	return json.Unmarshal(name, &s) == nil && s == "items"
}

// note adds to the fields, behind a separator.
func (j *jsonList) note(text []byte, separator byte) error {
	if len(j.fields) > 0 {
		j.fields = append(j.fields, separator)
	}
	if len(j.fields)+len(text) > j.buf.max {
		return ErrTooLarge
	}
	j.fields = append(j.fields, text...)
	return nil
}

// enterItems moves into the array, or over a null that stands for none.
func (j *jsonList) enterItems() error {
	if j.items {
		return ErrNotAList // which of the two would be it
	}
	j.items = true
	c, err := j.peek()
	switch {
	case err != nil:
		return err
	case c == '[':
		j.buf.take(1)
		j.inItems, j.first = true, true
		return nil
	}
	if value, err := j.value(); err != nil || string(value) != "null" {
		return notAList(err)
	}
	return nil
}

func (j *jsonList) passColon() error {
	c, err := j.peek()
	if err != nil || c != ':' {
		return notAList(err)
	}
	j.buf.take(1)
	return nil
}

// passSeparator moves over what stands behind a field: a comma, or the end of the list.
func (j *jsonList) passSeparator() error {
	c, err := j.peek()
	if err != nil || c != ',' && c != '}' {
		return notAList(err)
	}
	j.buf.take(1)
	if c == '}' {
		return j.end()
	}
	return nil
}

// notAList returns err, or that what was read without an error is not what it should be.
func notAList(err error) error {
	if err != nil {
		return err
	}
	return ErrNotAList
}

// end reads what is behind the list: nothing but white space.
func (j *jsonList) end() error {
	_, err := j.buf.peek()
	return notAList(err)
}

// peek moves to the next byte within the list that is not white space.
func (j *jsonList) peek() (byte, error) {
	c, err := j.buf.peek()
	return c, truncated(err)
}

// value takes the next value, which is not empty. Its inside may be anything.
func (j *jsonList) value() ([]byte, error) {
	c, err := j.peek()
	if err != nil {
		return nil, err
	}
	if c == '{' || c == '[' || c == '"' {
		return j.buf.takeValue()
	}
	return j.scalar()
}

// scalar takes a number, true, false or null.
func (j *jsonList) scalar() ([]byte, error) {
	scanned := 0
	for {
		unread := j.buf.unread()
		n := bytes.IndexAny(unread[scanned:], " \t\r\n,:[]{}\"")
		switch {
		case n == 0 && scanned == 0:
			return nil, ErrNotAList
		case n >= 0 && scanned+n <= j.buf.max:
			return j.buf.take(scanned + n), nil
		case n >= 0, len(unread) > j.buf.max:
			return nil, ErrTooLarge
		}
		scanned = len(unread)
		if err := j.buf.fill(); err != nil {
			return nil, truncated(err)
		}
	}
}
