package frame

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// What a protobuf list is made of: the prefix, then a runtime.Unknown, in whose field "raw" is a list with the items in field
// 2, as all lists of Kubernetes have them.
const (
	protobufPrefix   = "k8s\x00"
	protobufRaw      = 2
	protobufItems    = 2
	protobufVarint   = 0
	protobufFixed64  = 1
	protobufBytes    = 2
	protobufFixed32  = 5
	protobufWireBits = 3
)

// NewProtobufList returns a List of a body that is a list as Kubernetes encodes it in protobuf. An item, and the rest, have
// at most max bytes.
func NewProtobufList(r io.Reader, max int) List {
	return &protobufList{buf: buffer{source: r, max: max}}
}

type protobufList struct {
	buf    buffer
	opened bool   // the prefix is behind
	outer  []byte // the fields of the runtime.Unknown but raw
	raw    bool   // the list has begun
	inner  []byte // the fields of the list but the items
	left   uint64 // how many bytes of the list are still to come
	keep   bool
	err    error // final
}

func (p *protobufList) KeepItems() { p.keep = true }

func (p *protobufList) Rest() []byte {
	if !p.opened {
		return nil
	}
	rest := append([]byte(protobufPrefix), p.outer...)
	if p.raw {
		rest = binary.AppendUvarint(rest, protobufRaw<<protobufWireBits|protobufBytes)
		rest = binary.AppendUvarint(rest, uint64(len(p.inner)))
	}
	return append(rest, p.inner...)
}

func (p *protobufList) Open() error {
	if p.err == nil && !p.opened {
		p.err = p.open()
	}
	return p.err
}

func (p *protobufList) Next() ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	item, err := p.next()
	p.err = err
	return item, err
}

func (p *protobufList) open() error {
	if err := p.buf.need(len(protobufPrefix)); err != nil {
		switch unread := p.buf.unread(); {
		case len(unread) == 0:
			return err // the body is empty
		case !bytes.HasPrefix([]byte(protobufPrefix), unread):
			return ErrNotAList
		}
		return truncated(err)
	}
	if string(p.buf.take(len(protobufPrefix))) != protobufPrefix {
		return ErrNotAList
	}
	p.opened = true
	return p.passEnvelope()
}

// next is called within the list.
func (p *protobufList) next() ([]byte, error) {
	for p.left > 0 {
		f, err := p.field(p.left)
		if err != nil {
			return nil, err
		}
		p.left -= f.size
		value, err := p.value(f)
		if err != nil {
			return nil, err
		}
		if f.number == protobufItems && f.wire == protobufBytes && !p.keep {
			return value, nil
		}
		if p.inner, err = p.note(p.inner, f, value); err != nil {
			return nil, err
		}
	}
	return nil, p.passEnvelope()
}

// passEnvelope moves into the list, with nil, or over the end of the body, with io.EOF.
func (p *protobufList) passEnvelope() error {
	for {
		if err := p.buf.need(1); err != nil {
			if !p.raw {
				return truncated(err) // there is no list without
			}
			return err // between two fields
		}
		f, err := p.field(math.MaxUint64)
		if err != nil {
			return err
		}
		if f.number == protobufRaw && f.wire == protobufBytes {
			if p.raw {
				return ErrNotAList // which of the two would be it
			}
			p.raw, p.left = true, f.length
			return nil
		}
		value, err := p.value(f)
		if err != nil {
			return err
		}
		if p.outer, err = p.note(p.outer, f, value); err != nil {
			return err
		}
	}
}

// protobufField is the head of a field.
type protobufField struct {
	number uint64
	wire   uint64
	head   uint64 // the varint behind the tag: the value, or the length of it; nothing if that has a fixed length
	length uint64 // of what follows the head
	size   uint64 // of all
}

// field takes the head of a field that has at most left bytes.
func (p *protobufList) field(left uint64) (protobufField, error) {
	tag, size, err := p.varint(left)
	if err != nil {
		return protobufField{}, err
	}
	f := protobufField{number: tag >> protobufWireBits, wire: tag & (1<<protobufWireBits - 1), size: size}
	switch f.wire {
	case protobufVarint, protobufBytes:
		if f.head, size, err = p.varint(left - f.size); err != nil {
			return f, err
		}
		f.size += size
		if f.wire == protobufBytes {
			f.length = f.head
		}
	case protobufFixed64:
		f.length = 8
	case protobufFixed32:
		f.length = 4
	default: // groups, which nobody sends any more, and what is not protobuf
		return f, ErrNotAList
	}
	if f.number == 0 || f.length > left-f.size {
		return f, ErrNotAList
	}
	f.size += f.length
	return f, nil
}

// varint takes a number that has at most left bytes, and returns how many it has.
func (p *protobufList) varint(left uint64) (value, size uint64, err error) {
	for {
		unread := p.buf.unread()
		if uint64(len(unread)) > left {
			unread = unread[:left]
		}
		value, n := binary.Uvarint(unread)
		switch {
		case n > 0:
			p.buf.take(n)
			return value, uint64(n), nil
		case n < 0, uint64(len(unread)) == left:
			return 0, 0, ErrNotAList
		}
		if err := p.buf.fill(); err != nil {
			return 0, 0, truncated(err)
		}
	}
}

// value takes what follows the head of a field.
func (p *protobufList) value(f protobufField) ([]byte, error) {
	if f.length > uint64(p.buf.max) {
		return nil, ErrTooLarge
	}
	if err := p.buf.need(int(f.length)); err != nil {
		return nil, truncated(err)
	}
	return p.buf.take(int(f.length)), nil
}

// note adds a field to what is kept.
func (p *protobufList) note(kept []byte, f protobufField, value []byte) ([]byte, error) {
	if uint64(len(p.outer)+len(p.inner))+f.size > uint64(p.buf.max) {
		return kept, ErrTooLarge
	}
	kept = binary.AppendUvarint(kept, f.number<<protobufWireBits|f.wire)
	if f.wire == protobufVarint || f.wire == protobufBytes {
		kept = binary.AppendUvarint(kept, f.head)
	}
	return append(kept, value...), nil
}
