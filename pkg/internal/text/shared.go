package text

import (
	"hash/maphash"
	"sync"
)

const (
	// longestShared is how long a string that is shared may be. Longer ones are rarely the same in two objects, and few.
	longestShared = 256
	ways          = 4 // strings in a set
	fewestSets    = 128
	mostSets      = 4096
)

// Shared is strings that were seen more than once, by what they are. It is not safe for concurrent use.
//
// It holds a bounded number of strings of bounded length, each with memory of its own, and forgets first those that were not
// asked for again. A string that is seen for the first time leaves no more than a trace of its hash, so that collections
// without repetitions cost no memory here.
type Shared struct {
	seed    maphash.Seed
	sets    []set // as many as a power of two; none before the first string
	evicted int   // how often a string or its trace had to go, since the table has grown, that may well come again
}

// set is where all strings of some hashes are. What was asked for moves to the front, what is new comes in at the back.
type set struct {
	// trace is another part of the hash for each string; 0 if there is none.
	trace [ways]uint32
	// text is empty as long as the string was seen only once.
	text [ways]string
}

// NewShared returns an empty Shared.
func NewShared() *Shared { return &Shared{seed: maphash.MakeSeed()} }

// find returns the string that b is, if it was seen before.
func (s *Shared) find(b []byte) (string, bool) {
	if len(b) > longestShared {
		return "", false
	}
	if s.sets == nil {
		s.grow()
	}
	hash := maphash.Bytes(s.seed, b)
	set, trace := s.place(hash)
	for i := range ways {
		if set.trace[i] != trace {
			continue
		}
		switch text := set.text[i]; {
		case text == "":
			text = string(b)
			set.text[i] = text
			return text, true
		case text == string(b):
			set.advance(i)
			return text, true
		}
	}
	s.enter(set, trace, "")
	return "", false
}

// place returns where a string with this hash is, and its trace.
func (s *Shared) place(hash uint64) (*set, uint32) {
	return &s.sets[hash&uint64(len(s.sets)-1)], uint32(hash>>32) | 1
}

// advance moves an entry one place to the front.
func (s *set) advance(i int) {
	if i > 0 {
		s.trace[i-1], s.trace[i] = s.trace[i], s.trace[i-1]
		s.text[i-1], s.text[i] = s.text[i], s.text[i-1]
	}
}

// enter puts an entry into a free place, or into the last one.
func (s *Shared) enter(set *set, trace uint32, text string) {
	i := 0
	for i < ways-1 && set.trace[i] != 0 {
		i++
	}
	if set.text[i] != "" || i == ways-1 && set.text[i-1] != "" { // then one that comes again later finds no trace of itself
		s.evicted++
	}
	set.trace[i], set.text[i] = trace, text
	if s.evicted > len(s.sets) && len(s.sets) < mostSets {
		s.grow()
	}
}

// grow makes room for twice as many strings.
func (s *Shared) grow() {
	before := s.sets
	s.sets, s.evicted = make([]set, max(2*len(before), fewestSets)), 0
	for i := range before {
		for _, text := range before[i].text {
			if text != "" {
				set, trace := s.place(maphash.String(s.seed, text))
				s.enter(set, trace, text)
			}
		}
	}
}

// pool has what nobody uses at the moment. It only saves work.
var pool = sync.Pool{New: func() any { return NewShared() }}

// Borrow returns a Shared for the caller alone, until it is given back. It may have strings already: those of the page of a
// list that came before.
func Borrow() *Shared { return pool.Get().(*Shared) }

// Return gives back what was borrowed, which the caller does not use any more.
func (s *Shared) Return() { pool.Put(s) }
