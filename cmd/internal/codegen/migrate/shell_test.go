package migrate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read returns the commands of a script, a line for each, with "|" between words.
func read(script string) string {
	s := &shell{dir: "hack", module: "example.com/m", variables: map[string]string{}}
	var lines []string
	for _, c := range s.commands(script) {
		lines = append(lines, strings.Join(c.words, "|"))
	}
	return strings.Join(lines, "\n")
}

func TestCommands(t *testing.T) {
	for script, want := range map[string]string{
		"a b  c # d\n#e\nf":                                  "a|b|c\nf",
		"a \\\n  b\\\nc":                                     "a|bc",
		"a; b && c | d (e)":                                  "a\nb\nc\nd\ne",
		`a "" '' b"c d"'e f'`:                                "a|||bc de f",
		`X=1; a $X ${X} "$X" '$X' \$X`:                       "a|1|1|1|$X|$X",
		"X=1; a '`pwd`' \\`pwd\\` `pwd`":                     "a|`pwd`|`pwd`|.",
		`a "\$X \"\\ \d"`:                                    `a|$X "\ \d`,
		`X=1 Y=$X; a ${Y:-2} ${Z:-"3"}`:                      "a|1|3",
		`local X=1; export Y; a "$X$Y"`:                      "a|1$Y",
		`a "$(dirname "${BASH_SOURCE[0]}")/x" $(go list -m)`: "a|hack/x|example.com/m",
		`R=$(cd $(dirname $0)/.. && pwd); a $R`:              "a|.",
		"a\x00b":                                             "ab",
		// What is in here-documents is text.
		"cat <<EOF; a\ndon't b\nEOF\nc":       "cat\na\nc",
		"cat <<-\"EOF\" >x\n\ta $(\n\tEOF\nb": "cat|>x\nb",
		"cat <<A <<B\nb\nA\nc\nB\nd":          "cat\nd",
		"a <<<b":                              "a|<<<b",
		"a $((1<<2)); b 1 << 2\nc":            "a|$((1<<2))\nb|1\nc",
	} {
		if diff := cmp.Diff(want, read(script)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", script, diff)
		}
	}
}

// A script that doubles a variable is read in no time, and the variable is not known any more.
func TestValuesAreBounded(t *testing.T) {
	if got := read("X=ab\n" + strings.Repeat("X=$X$X\n", 100) + "a $Y"); got != "a|$Y" {
		t.Errorf("%d bytes", len(got))
	}
}

// FuzzCommands checks that no script makes the reader panic or run away, that commands have words and come in the order of
// their lines, and that what is quoted is one word, as it is.
func FuzzCommands(f *testing.F) {
	for _, seed := range []string{
		"", "a", "'", "\"", "`", "$", "${", "$(", "\\", "a \\\nb", "<<", "<<A\nA", "a <<-'A'\n\tb'\n\tA\nc", "X=$X$X;X=$X$X a $X",
		"kube::codegen::gen_client --output-dir \"${ROOT}/x\" ${APIS:-\"./apis\"}", "a $(cd $(dirname ${BASH_SOURCE[0]})/..; pwd -P) `go list -m`",
		"local x=${y:-${z:-a}} export b=c", "if ! a; then b; fi # c", "\r\n\x00", "a${b}}c)(", "\xff=ä",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 4096 {
			return
		}
		s := &shell{dir: "hack", module: "example.com/m", variables: map[string]string{}}
		last := 1
		for _, c := range s.commands(script) {
			if len(c.words) == 0 || c.line < last || c.line > 1+strings.Count(script, "\n") {
				t.Fatalf("command %+v after line %d", c, last)
			}
			last = c.line
		}
		for _, value := range s.variables {
			if len(value) > longestValue {
				t.Fatalf("a value of %d bytes", len(value))
			}
		}
		text := strings.NewReplacer(literal, "", "\r", "").Replace(script)
		quotation := "a '" + strings.ReplaceAll(text, "'", `'\''`) + "'"
		if diff := cmp.Diff("a|"+text, read(quotation)); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", quotation, diff)
		}
	})
}
