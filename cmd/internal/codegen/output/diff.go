package output

import (
	"fmt"
	"strings"
)

// contextLines is how many equal lines a unified diff shows around a difference.
const contextLines = 3

// edit is one line of a diff: ' ' in both files, '-' in the first only, '+' in the second only.
type edit struct {
	mark byte
	line string
}

// unified returns the difference of two contents of a file as diff -u prints it. Nil stands for no file.
func unified(name string, before, after []byte) string {
	from, to := "a/"+strings.TrimPrefix(name, "/"), "b/"+strings.TrimPrefix(name, "/")
	if before == nil {
		from = "/dev/null"
	}
	if after == nil {
		to = "/dev/null"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", from, to)
	edits := diffLines(splitLines(before), splitLines(after))
	for start := 0; start < len(edits); {
		if edits[start].mark == ' ' {
			start++
			continue
		}
		// A hunk goes on until more equal lines follow than two contexts can share.
		end, equal := start, 0
		for i := start; i < len(edits) && equal <= 2*contextLines; i++ {
			if edits[i].mark == ' ' {
				equal++
			} else {
				equal, end = 0, i+1
			}
		}
		writeHunk(&b, edits, max(0, start-contextLines), min(len(edits), end+contextLines))
		start = end
	}
	return b.String()
}

// writeHunk writes the edits from first to last with their line numbers.
func writeHunk(b *strings.Builder, edits []edit, first, last int) {
	fromLine, toLine := 1, 1
	for _, e := range edits[:first] {
		fromLine += lineIn(e, '-')
		toLine += lineIn(e, '+')
	}
	fromCount, toCount := 0, 0
	for _, e := range edits[first:last] {
		fromCount += lineIn(e, '-')
		toCount += lineIn(e, '+')
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", lineRange(fromLine, fromCount), lineRange(toLine, toCount))
	for _, e := range edits[first:last] {
		b.WriteByte(e.mark)
		b.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// lineIn returns 1 if the line is in the file whose own lines have the given mark.
func lineIn(e edit, mark byte) int {
	if e.mark == ' ' || e.mark == mark {
		return 1
	}
	return 0
}

func lineRange(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	}
	return fmt.Sprintf("%d,%d", line, count)
}

func splitLines(content []byte) []string {
	lines := strings.SplitAfter(string(content), "\n")
	return lines[:len(lines)-lastEmpty(lines)]
}

func lastEmpty(lines []string) int {
	if lines[len(lines)-1] == "" {
		return 1
	}
	return 0
}

// diffLines returns the edits that turn a into b: after the common beginning and before the common end, those that
// keep a longest common subsequence.
func diffLines(a, b []string) []edit {
	var edits, tail []edit
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		edits = append(edits, edit{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, edit{' ', a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}

	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			edits = append(edits, edit{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			edits = append(edits, edit{'-', a[i]})
			i++
		default:
			edits = append(edits, edit{'+', b[j]})
			j++
		}
	}
	for i := len(tail) - 1; i >= 0; i-- {
		edits = append(edits, tail[i])
	}
	return edits
}
