package universe

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// File is one file of a package.
type File struct {
	// Name is the file name as in positions.
	Name string
	// Syntax is the parsed file, without the bodies of functions.
	Syntax *ast.File
	// Generated says that some tool made it.
	Generated bool

	fset     *token.FileSet
	trailing map[*ast.CommentGroup]bool
	endingOn map[int]*ast.CommentGroup // by line; only comments that stand alone
}

// IsDoc reports whether the file is doc.go, the only one whose package tags upstream reads.
func (f *File) IsDoc() bool { return filepath.Base(f.Name) == "doc.go" }

// Tags returns the tags in a comment.
func (f *File) Tags(group *ast.CommentGroup) []Tag { return tagsOf(f.fset, group) }

// IsTrailing reports whether a comment stands behind code on the same line.
func (f *File) IsTrailing(group *ast.CommentGroup) bool { return f.trailing[group] }

// TagsAbove returns the tags of what is declared at pos: those in the comment that ends on the line above, and in the one
// above that, with an empty line between.
func (f *File) TagsAbove(pos token.Pos) []Tag {
	line := f.fset.Position(pos).Line
	var tags []Tag
	if doc := f.endingOn[line-1]; doc != nil {
		tags = f.Tags(doc)
		line = f.fset.Position(doc.Pos()).Line
	}
	if above := f.endingOn[line-2]; above != nil {
		tags = append(tags, f.Tags(above)...)
	}
	return tags
}

// TagsDirectlyAbove returns the tags with a key in the comment that ends on the line above pos.
func (f *File) TagsDirectlyAbove(pos token.Pos, key string) []Tag {
	doc := f.endingOn[f.fset.Position(pos).Line-1]
	if doc == nil {
		return nil
	}
	return slices.DeleteFunc(f.Tags(doc), func(tag Tag) bool { return tag.Key != key })
}

// export returns the files that were parsed.
func (s *source) export(fset *token.FileSet) []*File {
	var files []*File
	for _, f := range s.files {
		exported := &File{
			Name: f.name, Syntax: f.syntax, Generated: ast.IsGenerated(f.syntax),
			fset: fset, trailing: f.trailing, endingOn: map[int]*ast.CommentGroup{},
		}
		for _, group := range f.syntax.Comments {
			if !f.trailing[group] {
				exported.endingOn[fset.Position(group.End()).Line] = group
			}
		}
		files = append(files, exported)
	}
	slices.SortFunc(files, func(a, b *File) int { return strings.Compare(a.Name, b.Name) })
	return files
}
