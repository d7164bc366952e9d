package versions

import "testing"

func TestOnlyNumbersAreCompared(t *testing.T) {
	for _, c := range []struct {
		a, b           string
		older, reached bool
	}{
		{"9", "10", true, false},
		{"10", "10", false, true},
		{"10", "9", false, true},
		{"18446744073709551616", "18446744073709551617", true, false}, // more than 64 bits
		{"", "10", false, false},
		{"10", "", false, false},
		{"", "", false, false},
		{"x", "10", false, false},
		{"x", "x", false, false},
		{"09", "10", false, false},
	} {
		if Older(c.a, c.b) != c.older || Reached(c.a, c.b) != c.reached {
			t.Errorf("%q is older than %q: %v, and has reached it: %v", c.a, c.b, Older(c.a, c.b), Reached(c.a, c.b))
		}
	}
}
