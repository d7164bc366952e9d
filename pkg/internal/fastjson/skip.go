package fastjson

// raw passes a value and returns it as it is written.
func (d *decoder) raw() ([]byte, bool) {
	d.peek()
	begin := d.pos
	ok := d.skip()
	return d.data[begin:d.pos], ok
}

// skip passes a value of any kind.
func (d *decoder) skip() bool {
	switch d.peek() {
	case '{':
		return d.skipObject()
	case '[':
		return d.skipArray()
	case '"':
		return d.skipString()
	case 't':
		return d.literal("true")
	case 'f':
		return d.literal("false")
	case 'n':
		return d.literal("null")
	default:
		_, _, ok := d.number()
		return ok
	}
}

func (d *decoder) skipObject() bool {
	if !d.open('{') {
		return false
	}
	if d.closes('}') {
		return true
	}
	for more := true; more; {
		if d.peek() != '"' || !d.skipString() || d.peek() != ':' {
			return false
		}
		d.pos++
		if !d.skip() {
			return false
		}
		var ok bool
		if more, ok = d.separator('}'); !ok {
			return false
		}
	}
	return true
}

func (d *decoder) skipArray() bool {
	if !d.open('[') {
		return false
	}
	if d.closes(']') {
		return true
	}
	for more := true; more; {
		if !d.skip() {
			return false
		}
		var ok bool
		if more, ok = d.separator(']'); !ok {
			return false
		}
	}
	return true
}

func (d *decoder) skipString() bool {
	between, plain, ok := d.quoted()
	return ok && (plain || d.unescape(between))
}
