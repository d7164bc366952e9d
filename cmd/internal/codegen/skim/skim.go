// Package skim spares parsers the bodies of functions, which are most of a file, and files without types.
package skim

import "bytes"

// Skimmed is what a look at the tokens of a file tells, much faster than parsing it would.
type Skimmed struct {
	// HasTypes says that the file declares types or constants at its top level, and Funcs are the names of its functions
	// and methods.
	HasTypes bool
	Funcs    []string
}

// Skim looks at a file and blanks the bodies of its functions, in place. What it leaves has the same positions.
// A file that it does not understand, because its syntax is wrong, is left as it is from there on: the parser has the words
// for that.
func Skim(source []byte) Skimmed {
	var s Skimmed
	lex := lexer{source: source}
	starts := true // a declaration starts with the next token
	for {
		token, ok := lex.next()
		if !ok {
			return s
		}
		if starts && token == word {
			switch string(lex.text()) {
			case "type", "const":
				s.HasTypes = true
			case "func":
				name, last, ok := skimFunc(&lex)
				if !ok {
					s.HasTypes = true // who knows
					return s
				}
				s.Funcs = append(s.Funcs, name)
				token = last
			}
		}
		starts = token == ';' && lex.depth == 0
	}
}

// skimFunc reads a function declaration behind the keyword, and blanks its body. It returns the last token, too.
func skimFunc(lex *lexer) (name string, last byte, ok bool) {
	literalType := false // the last token was "struct" or "interface"
	for {
		token, ok := lex.next()
		switch {
		case !ok:
			return name, token, false
		case token == ';' && lex.depth == 0: // a function without a body
			return name, token, true
		case token == '{' && lex.depth == 1 && !literalType:
			from := lex.at
			for lex.depth > 0 {
				if _, ok := lex.next(); !ok {
					return name, token, false
				}
			}
			blank(lex.source[from : lex.at-1])
			return name, '}', true
		case token == word && name == "" && lex.depth == 0:
			name = string(lex.text())
		}
		literalType = token == word && (string(lex.text()) == "struct" || string(lex.text()) == "interface")
	}
}

// blank replaces all but the ends of lines by spaces.
func blank(source []byte) {
	for i, c := range source {
		if c != '\n' {
			source[i] = ' '
		}
	}
}

// lexer cuts Go source into tokens, as far as it takes to find declarations.
type lexer struct {
	source []byte
	from   int  // where the last token starts
	at     int  // where it ends
	depth  int  // of brackets, behind it
	ends   bool // a statement ends behind it if the line does
}

// The tokens are brackets and ';', which stand for themselves, words, and all others. The end of a line that ends a
// statement is a ';', too.
const (
	word  = 'w'
	other = '.'
)

// text returns the last token.
func (l *lexer) text() []byte { return l.source[l.from:l.at] }

// next returns the next token, or false at the end of the file, or where the brackets do not match.
func (l *lexer) next() (token byte, ok bool) {
	for l.at < len(l.source) {
		l.from = l.at
		c := l.source[l.at]
		l.at++
		switch {
		case c == ' ' || c == '\t' || c == '\r':
		case c == '\n':
			if l.ends {
				l.ends = false
				return ';', true
			}
		case c == '/' && l.peek() == '/':
			if i := bytes.IndexByte(l.source[l.at:], '\n'); i >= 0 {
				l.at += i
			} else {
				l.at = len(l.source)
			}
		case c == '/' && l.peek() == '*':
			l.at++
			l.skipTo("*/")
			if l.ends && bytes.IndexByte(l.text(), '\n') >= 0 {
				l.ends = false
				return ';', true
			}
		case c == '`':
			l.skipTo("`")
			l.ends = true
			return other, true
		case c == '"' || c == '\'':
			l.skipQuoted(c)
			l.ends = true
			return other, true
		case c == '(' || c == '[' || c == '{':
			l.depth++
			l.ends = false
			return c, true
		case c == ')' || c == ']' || c == '}':
			l.depth--
			l.ends = true
			return c, l.depth >= 0
		case c == ';':
			l.ends = false
			return c, true
		case isLetter(c):
			for isLetter(l.peek()) || isDigit(l.peek()) {
				l.at++
			}
			l.ends = true // keywords included: none that matters here is the last word of a line
			return word, true
		default:
			l.ends = isDigit(c)
			return other, true
		}
	}
	if l.ends {
		l.ends = false
		return ';', true
	}
	return 0, false
}

// peek returns the byte that comes next, or 0 at the end of the file.
func (l *lexer) peek() byte {
	if l.at < len(l.source) {
		return l.source[l.at]
	}
	return 0
}

// skipTo skips all up to the end of the text, or of the file.
func (l *lexer) skipTo(text string) {
	if i := bytes.Index(l.source[l.at:], []byte(text)); i >= 0 {
		l.at += i + len(text)
	} else {
		l.at = len(l.source)
	}
}

// skipQuoted skips a literal whose first quote has been read. It ends on the same line.
func (l *lexer) skipQuoted(quote byte) {
	for {
		switch c := l.peek(); c {
		case 0, '\n':
			return
		case '\\':
			l.at = min(l.at+2, len(l.source))
		default:
			l.at++
			if c == quote {
				return
			}
		}
	}
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
