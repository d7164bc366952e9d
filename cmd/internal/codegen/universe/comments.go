package universe

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"
)

// trailing finds the comments behind code on the same line. They describe what stands there, and nothing below.
func trailing(fset *token.FileSet, f *file) map[*ast.CommentGroup]bool {
	base := fset.File(f.syntax.FileStart)
	found := map[*ast.CommentGroup]bool{}
	for _, group := range f.syntax.Comments {
		at := base.Offset(group.Pos())
		start := bytes.LastIndexByte(f.content[:at], '\n') + 1
		if len(bytes.TrimSpace(f.content[start:at])) > 0 {
			found[group] = true
		}
	}
	return found
}

// isGenerated reports whether the file says that some tool made it, without parsing it.
func isGenerated(content []byte) bool {
	before, _, _ := bytes.Cut(content, []byte("\npackage "))
	return bytes.Contains(before, []byte("// Code generated "))
}

// Tag is a comment line of the form +key or +key=value.
type Tag struct {
	Key, Value string
	// Pos is the place of the "+".
	Pos token.Position
}

// tagsOf returns the tags in a comment.
func tagsOf(fset *token.FileSet, group *ast.CommentGroup) []Tag {
	var tags []Tag
	for _, comment := range group.List {
		offset := 2 // of the text behind the comment mark
		for line := range strings.SplitSeq(strings.TrimSuffix(comment.Text[offset:], "*/"), "\n") {
			if text := strings.TrimLeft(line, " \t"); strings.HasPrefix(text, "+") {
				pos := comment.Pos() + token.Pos(offset+len(line)-len(text))
				key, value, _ := strings.Cut(text[1:], "=")
				tags = append(tags, Tag{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value), Pos: fset.Position(pos)})
			}
			offset += len(line) + 1
		}
	}
	return tags
}
