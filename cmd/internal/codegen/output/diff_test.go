package output

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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

// TestPatchAppliesUnified checks random differences with the program that unified diffs are made for.
func TestPatchAppliesUnified(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("patch is not installed")
	}
	random := rand.New(rand.NewPCG(1, 2))
	content := func() []byte {
		var b strings.Builder
		for range random.IntN(40) + 1 {
			b.WriteString(string(rune('a'+random.IntN(4))) + "\n")
		}
		return []byte(b.String())
	}
	for range 50 {
		before, after := content(), content()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), before, 0o644); err != nil {
			t.Fatal(err)
		}
		diff := unified("f", before, after)
		cmd := exec.CommandContext(t.Context(), patch, "-p1", "--quiet")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(diff)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("patch: %v\n%s%s", err, out, diff)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || string(got) != string(after) {
			t.Fatalf("patched to %q, want %q, error %v\n%s", got, after, err, diff)
		}
	}
}
