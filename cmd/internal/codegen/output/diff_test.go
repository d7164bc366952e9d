package output

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	numbers := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"
	change := func(pairs ...string) []byte { return []byte(strings.NewReplacer(pairs...).Replace(numbers)) }
	for name, test := range map[string]struct {
		before, after []byte
		want          string
	}{
		"one line": {
			change(), change("10\n", "ten\n"),
			"--- a/f\n+++ b/f\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n",
		},
		"near changes share a hunk": {
			change(), change("6\n7\n", "six\n7\n", "13\n", "thirteen\n"),
			"--- a/f\n+++ b/f\n@@ -3,14 +3,14 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n 10\n 11\n 12\n-13\n+thirteen\n 14\n 15\n 16\n",
		},
		"far changes do not": {
			change(), change("1\n2\n", "2\n", "19\n20\n", "19\n20\n21\n"),
			"--- a/f\n+++ b/f\n@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -18,3 +17,4 @@\n 18\n 19\n 20\n+21\n",
		},
		"no newline at the end": {
			[]byte("a\nb"), []byte("a\nb\n"),
			"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n",
		},
		"empty files are files": {
			[]byte{}, []byte("a\n"),
			"--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n",
		},
	} {
		if got := unified("f", test.before, test.after); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// TestUnifiedLeadsFromBeforeToAfter follows random differences as patch(1) does.
func TestUnifiedLeadsFromBeforeToAfter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	content := func() string {
		var b strings.Builder
		for range random.IntN(40) + 1 {
			b.WriteString(string(rune('a'+random.IntN(4))) + "\n")
		}
		return b.String()
	}
	for range 500 {
		before, after := content(), content()
		diff := unified("f", []byte(before), []byte(after))
		got, err := follow(before, diff)
		if err != nil || got != after {
			t.Fatalf("%q with the difference is %q, want %q, error %v\n%s", before, got, after, err, diff)
		}
	}
}

// follow applies a unified difference, of text whose lines all end, and checks what the difference says of the text.
func follow(before, diff string) (after string, err error) {
	old := strings.SplitAfter(before, "\n")
	var result strings.Builder
	at := 0 // index of the next line of old
	take := func(until int) {
		for ; at < until; at++ {
			result.WriteString(old[at])
		}
	}
	for line := range strings.Lines(diff) {
		mark, text := line[0], line[1:]
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
		case mark == '@':
			var start int
			if _, err := fmt.Sscanf(line, "@@ -%d", &start); err != nil {
				return "", fmt.Errorf("%q: %w", line, err)
			}
			take(start - 1)
		case mark == '+':
			result.WriteString(text)
		case at >= len(old) || old[at] != text:
			return "", fmt.Errorf("line %d is not %q", at+1, text)
		case mark == '-':
			at++
		case mark == ' ':
			take(at + 1)
		default:
			return "", fmt.Errorf("%q is no line of a unified difference", line)
		}
	}
	take(len(old))
	return result.String(), nil
}
