package load

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// File is one file.
type File struct {
	// Types are the types it declares at its top level.
	Types []*TypeDecl
	// Stray are the comment lines that belong to no type.
	Stray []Line

	syntax *ast.File
	fset   *token.FileSet
}

// TypeDecl is the declaration of a type.
type TypeDecl struct {
	Spec *ast.TypeSpec
	// Pos is the place of its name.
	Pos token.Position
	// Comments are the lines of its doc comment and of the comment block above that, in this order of places: a type
	// may keep its tags apart from its documentation by one blank line.
	Comments []Line
	// Doc is its doc comment, or nil.
	Doc *ast.CommentGroup
	// File is where it is declared.
	File *File
}

// Line is one line of a comment without its comment marks.
type Line struct {
	Text string
	// Pos is the place of the first character of Text that is not blank.
	Pos token.Position
	// Trailing says that code stands before the comment on the same line.
	Trailing bool
}

// ImportPath returns what the file imports under the given name, or "". The name of a package that is imported without
// one is taken to be the last element of its path, or the one before a major version.
func (f *File) ImportPath(name string) string {
	for _, spec := range f.syntax.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		dir, last := path.Split(importPath)
		switch {
		case spec.Name != nil:
			if spec.Name.Name == name {
				return importPath
			}
		case last == name, majorVersion.MatchString(last) && path.Base(dir) == name:
			return importPath
		}
	}
	return ""
}

// DotImports returns the paths of the packages whose names the file uses as its own.
func (f *File) DotImports() []string {
	var paths []string
	for _, spec := range f.syntax.Imports {
		if importPath, err := strconv.Unquote(spec.Path.Value); err == nil && spec.Name != nil && spec.Name.Name == "." {
			paths = append(paths, importPath)
		}
	}
	return paths
}

// Position returns the place of a node of the file.
func (f *File) Position(node ast.Node) token.Position { return f.fset.Position(node.Pos()) }

var majorVersion = regexp.MustCompile(`^v[2-9][0-9]*$`)

// newFile sorts the comments of a file to its types.
func newFile(fset *token.FileSet, syntax *ast.File, source []byte) *File {
	f := &File{syntax: syntax, fset: fset}
	base := fset.File(syntax.FileStart)
	lineOf := func(pos token.Pos) int { return base.Line(pos) }
	isTrailing := func(group *ast.CommentGroup) bool {
		start := base.Offset(base.LineStart(lineOf(group.Pos())))
		return strings.TrimSpace(string(source[start:base.Offset(group.Pos())])) != ""
	}

	isBlank := func(line int) bool {
		text, _, _ := strings.Cut(string(source[base.Offset(base.LineStart(line)):]), "\n")
		return strings.TrimSpace(text) == ""
	}

	endingOn := map[int]*ast.CommentGroup{} // line → the comment block of whole lines that ends there
	for _, group := range syntax.Comments {
		if !isTrailing(group) {
			endingOn[lineOf(group.End()-1)] = group
		}
	}

	taken := map[*ast.CommentGroup]bool{}
	for _, decl := range syntax.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.TypeSpec)
			start := lineOf(spec.Name.Pos())
			decl := &TypeDecl{Spec: spec, Pos: fset.Position(spec.Name.Pos()), File: f}
			if doc := endingOn[start-1]; doc != nil {
				taken[doc] = true
				start = lineOf(doc.Pos())
				decl.Comments, decl.Doc = f.lines(doc, false), doc
			}
			if above := endingOn[start-2]; above != nil && isBlank(start-1) {
				taken[above] = true
				decl.Comments = append(f.lines(above, false), decl.Comments...)
			}
			f.Types = append(f.Types, decl)
		}
	}
	for _, group := range syntax.Comments {
		if !taken[group] {
			f.Stray = append(f.Stray, f.lines(group, isTrailing(group))...)
		}
	}
	return f
}

// forgetComments drops what might be taken for tags.
func (f *File) forgetComments() {
	f.Stray = nil
	for _, decl := range f.Types {
		decl.Comments = nil
	}
}

// lines splits a comment block into lines.
func (f *File) lines(group *ast.CommentGroup, trailing bool) []Line {
	var lines []Line
	for _, comment := range group.List {
		text := comment.Text
		offset := 2 // of the text behind the comment mark
		if strings.HasPrefix(text, "/*") {
			text = strings.TrimSuffix(text, "*/")
		}
		for line := range strings.SplitSeq(text[offset:], "\n") {
			blank := len(line) - len(strings.TrimLeft(line, " \t"))
			lines = append(lines, Line{
				Text:     strings.TrimSpace(line),
				Pos:      f.fset.Position(comment.Pos() + token.Pos(offset+blank)),
				Trailing: trailing,
			})
			offset += len(line) + 1
		}
	}
	return lines
}
