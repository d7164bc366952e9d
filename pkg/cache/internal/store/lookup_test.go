package store

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
)

// TestLookupAgreesWithAMap adds, moves and removes keys at random, so that searches run over the end of the slots, and entries
// move up over gaps.
func TestLookupAgreesWithAMap(t *testing.T) {
	for seed := range int64(20) {
		random := rand.New(rand.NewSource(seed))
		l, keys, want := newLookup(0), []string(nil), map[string]position{}
		for range 5000 {
			key := fmt.Sprint("key-", random.Intn(100))
			at, known := want[key]
			switch grows := random.Intn(100) < 55; {
			case grows && !known:
				if l.room() == 0 {
					l = l.grown(1)
				}
				l.add(keys, key, position(len(keys)))
				want[key] = position(len(keys))
				keys = append(keys, key)
			case grows:
				if before, found := l.add(keys, key, 77); !found || before != at {
					t.Fatalf("added %s again: %d %v, want %d", key, before, found, at)
				}
			case known: // as a table does: the last one moves into the gap
				last := keys[len(keys)-1]
				l.remove(keys, key)
				if last != key {
					l.move(keys, last, at)
					keys[at], want[last] = last, at
				}
				keys = keys[:len(keys)-1]
				delete(want, key)
			}
			if l.used != len(want) {
				t.Fatalf("%d are used, want %d", l.used, len(want))
			}
			if random.Intn(10) > 0 {
				continue
			}
			for i := range 100 {
				key := fmt.Sprint("key-", i)
				at, known := want[key]
				if got, found := l.find(keys, key); found != known || found && got != at {
					t.Fatalf("seed %d: %s is at %d (%v), want %d (%v)", seed, key, got, found, at, known)
				}
			}
		}
	}
}

// TestATableHasRoomForWhatItIsMadeFor: a replaced store does not grow at the next write of what it has.
func TestATableHasRoomForWhatItIsMadeFor(t *testing.T) {
	for n := range 200 {
		var keys []string
		for i := range n {
			keys = append(keys, fmt.Sprint(i))
		}
		table := newTable(keys, slices.Clone(keys))
		if table.positions.used != n || table.positions.room() < 0 {
			t.Fatalf("%d keys: %d used, room for %d", n, table.positions.used, table.positions.room())
		}
		for i := range n {
			if at, found := table.find(fmt.Sprint(i)); !found || at != position(i) {
				t.Fatalf("%d of %d is at %d (%v)", i, n, at, found)
			}
		}
	}
}
