package fastproto

// The wire types that are decoded here, and those that are passed over.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5

	wireBits = 3 // of a tag; the others are the number of the field
	wireMask = 1<<wireBits - 1
)

// maxNumber is the highest number that a field can have. The generated methods take higher ones for others.
const maxNumber = 1<<29 - 1

// varint takes the number that data begins with.
func varint(data []byte) (n uint64, rest []byte, ok bool) {
	if len(data) > 0 && data[0] < 0x80 {
		return uint64(data[0]), data[1:], true
	}
	for i, b := range data {
		if i == 10 {
			return 0, nil, false
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return n, data[i+1:], true
		}
	}
	return 0, nil, false
}

// sized takes the bytes that stand behind their length at the beginning of data.
func sized(data []byte) (b, rest []byte, ok bool) {
	n, rest, ok := varint(data)
	if !ok || n > uint64(len(rest)) {
		return nil, nil, false
	}
	return rest[:n], rest[n:], true
}

// skip passes what stands behind a tag.
func skip(data []byte, wire uint64) (rest []byte, ok bool) {
	var size int
	switch wire {
	case wireVarint:
		_, rest, ok = varint(data)
		return rest, ok
	case wireBytes:
		_, rest, ok = sized(data)
		return rest, ok
	case wireFixed64:
		size = 8
	case wireFixed32:
		size = 4
	default:
		return nil, false
	}
	if size > len(data) {
		return nil, false
	}
	return data[size:], true
}

// again passes a tag if it is this one.
func again(data []byte, tag uint64) (rest []byte, ok bool) {
	if len(data) == 0 {
		return nil, false
	}
	n, rest, ok := varint(data)
	return rest, ok && n == tag
}

// count returns how many fields with the same tag follow one another, the first of which stands behind its tag.
func count(data []byte, tag uint64) (n int, ok bool) {
	for more := true; more; n++ {
		if data, ok = skip(data, tag&wireMask); !ok {
			return 0, false
		}
		data, more = again(data, tag)
	}
	return n, true
}
