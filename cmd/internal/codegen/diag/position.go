package diag

import (
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// ParsePosition reads a place as errors of the go command have it: "file:line:col", "file:line", or what is none, such as "-":
// then the position is not valid.
func ParsePosition(place string) token.Position {
	rest, column := cutNumber(place)
	file, line := cutNumber(rest)
	if line == 0 {
		file, line, column = rest, column, 0
	}
	if line == 0 {
		return token.Position{}
	}
	return token.Position{Filename: file, Line: line, Column: column}
}

func cutNumber(s string) (string, int) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.Atoi(s[i+1:]); err == nil {
			return s[:i], n
		}
	}
	return s, 0
}

// Relative returns a file name as positions show it: from the directory, if it is below that.
func Relative(dir, file string) string {
	if dir, err := filepath.Abs(dir); err == nil {
		if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return file
}
