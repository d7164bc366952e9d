package store

import "hash/maphash"

// lookup finds the positions of keys. It has a hash and a position of each, in slots; the keys are in the column of the table,
// which its methods are given. A map would have them a second time.
//
// An entry is in the first slot that was free from the one that its hash names, so that a free slot ends every search.
type lookup struct {
	seed  maphash.Seed
	slots []slot // as many as a power of two
	used  int
}

type slot struct {
	hash uint32
	// next is the position behind that of the key; 0 if the slot is free.
	next uint32
}

const fewestSlots = 8

// newLookup returns an empty lookup with room for n keys.
func newLookup(n int) lookup {
	size := fewestSlots
	for roomIn(size) < n {
		size *= 2
	}
	return lookup{seed: maphash.MakeSeed(), slots: make([]slot, size)}
}

// roomIn is how many of so many slots may be used. The more are, the longer are searches.
func roomIn(slots int) int { return slots / 4 * 3 }

// room is how many keys can be added.
func (l *lookup) room() int { return roomIn(len(l.slots)) - l.used }

// grown returns a copy with room for n more keys.
func (l *lookup) grown(n int) lookup {
	g := newLookup(l.used + n)
	g.seed, g.used = l.seed, l.used
	for _, s := range l.slots {
		if s.next != 0 {
			g.slots[g.free(s.hash)] = s
		}
	}
	return g
}

// find returns the position of a key.
func (l *lookup) find(keys []string, key string) (at position, found bool) {
	i, found := l.search(keys, key, l.hash(key))
	return l.slots[i].next - 1, found
}

// add notes the position of a key, unless it has one; then it returns that. There has to be room.
func (l *lookup) add(keys []string, key string, at position) (before position, found bool) {
	hash := l.hash(key)
	i, found := l.search(keys, key, hash)
	if found {
		return l.slots[i].next - 1, true
	}
	l.slots[i] = slot{hash, at + 1}
	l.used++
	return 0, false
}

// move notes that a key has another position. The column still has the key at the one before.
func (l *lookup) move(keys []string, key string, at position) {
	if i, found := l.search(keys, key, l.hash(key)); found {
		l.slots[i].next = at + 1
	}
}

// remove forgets a key, which the column still has. Entries behind it move up, so that there is no gap before any of them.
func (l *lookup) remove(keys []string, key string) {
	gap, found := l.search(keys, key, l.hash(key))
	if !found {
		return
	}
	l.used--
	for i := l.after(gap); l.slots[i].next != 0; i = l.after(i) {
		if l.distance(l.first(l.slots[i].hash), i) >= l.distance(gap, i) {
			l.slots[gap] = l.slots[i]
			gap = i
		}
	}
	l.slots[gap] = slot{}
}

// search returns the slot of a key or, if it has none, the free one where it would be.
func (l *lookup) search(keys []string, key string, hash uint32) (i int, found bool) {
	for i = l.first(hash); l.slots[i].next != 0; i = l.after(i) {
		if s := l.slots[i]; s.hash == hash && keys[s.next-1] == key {
			return i, true
		}
	}
	return i, false
}

// free returns the slot for a key that has none.
func (l *lookup) free(hash uint32) int {
	i := l.first(hash)
	for l.slots[i].next != 0 {
		i = l.after(i)
	}
	return i
}

func (l *lookup) hash(key string) uint32 { return uint32(maphash.String(l.seed, key)) }

func (l *lookup) first(hash uint32) int { return int(hash) & (len(l.slots) - 1) }

func (l *lookup) after(i int) int { return (i + 1) & (len(l.slots) - 1) }

// distance is how many slots on another one is.
func (l *lookup) distance(from, to int) int { return (to - from) & (len(l.slots) - 1) }
