package fastjson

import (
	"unsafe"
)

// structPlan decodes objects into structs of one type.
type structPlan struct {
	fields []field
	byName map[string]int // index in fields
}

// field is a member that an object may have. Those of embedded structs are among those of the outer one.
type field struct {
	name   string
	offset uintptr
	decode decodeFunc
}

// ahead is how many fields are compared before the map is asked: objects mostly have theirs in the order of the type.
const ahead = 8

func (s *structPlan) find(name []byte, next int) (int, bool) {
	for i := next; i < min(next+ahead, len(s.fields)); i++ {
		if s.fields[i].name == string(name) {
			return i, true
		}
	}
	i, ok := s.byName[string(name)]
	return i, ok
}

func (s *structPlan) decode(d *decoder, p unsafe.Pointer) bool {
	if d.null() {
		return true
	}
	if !d.open('{') {
		return false
	}
	if d.closes('}') {
		return true
	}
	var seen seenFields
	next := 0
	for more := true; more; {
		name, ok := d.key()
		if !ok {
			return false
		}
		if i, known := s.find(name, next); known {
			f := &s.fields[i]
			ok = seen.add(i) && f.decode(d, unsafe.Add(p, f.offset))
			next = i + 1
		} else {
			ok = d.skip()
		}
		if !ok {
			return false
		}
		if more, ok = d.separator('}'); !ok {
			return false
		}
	}
	return true
}

// maxFields is how many fields a struct may have to be decoded here.
const maxFields = 256

// seenFields is a set of indexes below maxFields.
type seenFields [maxFields / 64]uint64

// add adds i and reports whether it was not there.
func (s *seenFields) add(i int) bool {
	word, bit := &s[i/64], uint64(1)<<(i%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
