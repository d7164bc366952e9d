package text

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"
)

// same reports whether two strings are one.
func same(a, b string) bool { return a == b && unsafe.StringData(a) == unsafe.StringData(b) }

func TestStringsAreWhatTheBytesAre(t *testing.T) {
	for _, m := range []*Maker{{}, {Shared: NewShared()}} {
		for range 4 {
			for size := range 600 {
				for _, c := range []string{"x", "y", "\xff", "\x00"} {
					want := strings.Repeat(c, size)
					b := []byte(want)
					got := m.String(b, 1000)
					clear(b)
					if got != want {
						t.Fatalf("%q became %q", want, got)
					}
				}
			}
		}
	}
}

func TestEqualStringsOfTwoDocumentsAreOne(t *testing.T) {
	shared := NewShared()
	document := func() []string {
		m := Maker{Shared: shared}
		return []string{m.String([]byte("app.kubernetes.io/name"), 100), m.String([]byte("cart"), 50)}
	}
	document()
	second, third := document(), document()
	for i := range second {
		if !same(second[i], third[i]) {
			t.Errorf("%q is not shared", second[i])
		}
	}
	long := []byte(strings.Repeat("x", longestShared+1))
	m := Maker{Shared: shared}
	m.String(long, 1000)
	if same(m.String(long, 1000), m.String(long, 1000)) {
		t.Error("a string that is too long is shared")
	}
}

func TestASharedStringNeedsNoMemory(t *testing.T) {
	m, b := Maker{Shared: NewShared()}, []byte("a-string-that-comes-again")
	m.String(b, 100)
	if n := testing.AllocsPerRun(100, func() { m.String(b, 100) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestAStringThatIsKeptKeepsNothingElse: neither a neighbor in its document that has no room in its block, nor another document.
func TestAStringThatIsKeptKeepsNothingElse(t *testing.T) {
	shared := NewShared()
	var kept []string
	var gone []weak.Pointer[byte]
	for i := range 1000 {
		m := Maker{Shared: shared}
		for j := range 20 {
			s := m.String(fmt.Appendf(nil, "a string of document %d, number %d", i, j), 1000)
			switch {
			case i%2 == 0:
				gone = append(gone, weak.Make(unsafe.StringData(s)))
			case j == 0:
				kept = append(kept, s)
			default:
				if j*len(s) > maxBlock {
					gone = append(gone, weak.Make(unsafe.StringData(s)))
				}
			}
		}
	}
	runtime.GC()
	for _, w := range gone {
		if w.Value() != nil {
			t.Fatal("a string is still there that nobody has")
		}
	}
	runtime.KeepAlive(kept)
	runtime.KeepAlive(shared)
}

// size returns how many strings a Shared has, and how many bytes they are.
func (s *Shared) size() (count, bytes int) {
	for i := range s.sets {
		for _, text := range s.sets[i].text {
			if text != "" {
				count++
				bytes += len(text)
			}
		}
	}
	return count, bytes
}

func TestStringsThatDoNotComeAgainLeaveNothing(t *testing.T) {
	m := Maker{Shared: NewShared()}
	for i := range 200_000 {
		m.String(fmt.Appendf(nil, "unique-%d", i), 100)
	}
	count, _ := m.Shared.size()
	if count > 0 || len(m.Shared.sets) > fewestSets {
		t.Errorf("%d strings in %d sets", count, len(m.Shared.sets))
	}
}

func TestSharedIsBounded(t *testing.T) {
	m := Maker{Shared: NewShared()}
	for i := range 200_000 {
		for range 2 {
			m.String(fmt.Appendf(nil, "%0*d", longestShared, i), 1000)
		}
	}
	count, bytes := m.Shared.size()
	if len(m.Shared.sets) != mostSets || count > ways*mostSets || bytes > count*longestShared {
		t.Errorf("%d strings of %d bytes in %d sets", count, bytes, len(m.Shared.sets))
	}
}

// TestWhatComesAgainStays: a few strings that are in every document are shared, however many others there are.
func TestWhatComesAgainStays(t *testing.T) {
	shared := NewShared()
	document := func(i int) []string {
		m := Maker{Shared: shared}
		var common []string
		for j := range 100 {
			common = append(common, m.String(fmt.Appendf(nil, "common to all, number %d", j), 1000))
			m.String(fmt.Appendf(nil, "only in %d, number %d", i, j), 1000)
		}
		return common
	}
	for i := range 100 {
		document(i)
	}
	before, again := document(100), 0
	for i := range 1000 {
		common := document(i + 101)
		for j, s := range common {
			if !same(s, before[j]) {
				again++
			}
		}
		before = common
	}
	// Where more of them have one place than it takes, some are made again, until the table has grown.
	if again > 5000 {
		t.Errorf("%d of 100000 strings were made again", again)
	}
}

func BenchmarkString(b *testing.B) {
	const documents, each = 1000, 50
	texts := map[string][][]byte{}
	for i := range documents * each {
		texts["unique"] = append(texts["unique"], fmt.Appendf(nil, "a string, number %d", i))
		texts["equal"] = append(texts["equal"], fmt.Appendf(nil, "a string, number %d", i%each))
	}
	for _, name := range []string{"unique", "equal"} {
		for kind, shared := range map[string]*Shared{"alone": nil, "shared": NewShared()} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				var m Maker
				for b.Loop() {
					if i%each == 0 {
						m = Maker{Shared: shared}
					}
					m.String(texts[name][i%len(texts[name])], 1000)
					i++
				}
			})
		}
	}
}
