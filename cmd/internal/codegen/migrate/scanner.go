package migrate

import "strings"

// scanner splits a script into words. Quotes are gone from the words, expansions are still in them.
type scanner struct {
	text string
	at   int
	line int
	// documents are the lines that end the here-documents which start in the next line.
	documents []string
}

// literal stands in a word before a character that expands to itself. It is in no script: shells drop it, too.
const literal = "\x00"

func newScanner(script string) *scanner {
	return &scanner{text: strings.NewReplacer("\r\n", "\n", literal, "").Replace(script), line: 1}
}

func (p *scanner) done() bool { return p.at >= len(p.text) }

func (p *scanner) next() byte {
	c := p.text[p.at]
	if c == '\n' {
		p.line++
	}
	p.at++
	return c
}

// word is a word that is being read.
type word struct {
	strings.Builder

	begun bool // also if it is empty, as "" is
}

// add adds a character that stands for itself, whatever it is.
func (w *word) add(c byte) {
	if c == '$' || c == '`' {
		w.WriteString(literal)
	}
	w.WriteByte(c)
}

// command returns the words up to the end of a command, and the line of the first one.
func (p *scanner) command() (words []string, line int) {
	var w word
	end := func() {
		if w.begun {
			words = append(words, w.String())
			w = word{}
		}
	}
	for !p.done() {
		if len(words) == 0 && !w.begun {
			line = p.line
		}
		switch c := p.next(); {
		case c == '#' && !w.begun:
			for !p.done() && p.text[p.at] != '\n' {
				p.at++
			}
		case c == '<' && p.hereDocument():
			end()
		case c == '\n', c == ';', c == '&', c == '|', c == '(', c == ')':
			end()
			if c == '\n' {
				p.skipDocuments()
			}
			if len(words) > 0 {
				return words, line
			}
		case c == ' ', c == '\t':
			end()
		default:
			p.part(c, &w)
		}
	}
	end()
	return words, line
}

// part reads a part of a word, of which the first character has been read: a quotation, an expansion, or a character.
func (p *scanner) part(c byte, w *word) {
	switch {
	case c == '\\' && !p.done():
		escaped := p.next()
		if escaped == '\n' {
			return // the word, if there is one, goes on in the next line
		}
		w.add(escaped)
	case c == '\'':
		for !p.done() {
			c := p.next()
			if c == '\'' {
				break
			}
			w.add(c)
		}
	case c == '"':
		p.quoted(w)
	case c == '$' || c == '`':
		p.expansion(c, w)
	default:
		w.WriteByte(c)
	}
	w.begun = true
}

// quoted reads up to the closing double quote.
func (p *scanner) quoted(w *word) {
	for !p.done() {
		switch c := p.next(); {
		case c == '"':
			return
		case c == '\\' && !p.done() && strings.IndexByte("$`\"\\\n", p.text[p.at]) >= 0:
			if escaped := p.next(); escaped != '\n' {
				w.add(escaped)
			}
		case c == '$' || c == '`':
			p.expansion(c, w)
		default:
			w.WriteByte(c)
		}
	}
}

// expansion copies ${...}, $(...) and `...` as they are, with all that is nested in them.
func (p *scanner) expansion(first byte, w *word) {
	w.WriteByte(first)
	if p.done() {
		return
	}
	if first == '`' {
		for !p.done() {
			c := p.next()
			w.WriteByte(c)
			if c == '`' {
				return
			}
		}
		return
	}
	open := p.text[p.at]
	if open != '{' && open != '(' {
		return
	}
	depth := 0
	for !p.done() {
		c := p.next()
		w.WriteByte(c)
		switch c {
		case '{', '(':
			depth++
		case '}', ')':
			if depth--; depth == 0 {
				return
			}
		}
	}
}

// hereDocument reads the rest of <<WORD or <<-WORD, of which the first character has been read, and reports whether it is
// one. <<< is not.
func (p *scanner) hereDocument() bool {
	rest, ok := strings.CutPrefix(p.text[p.at:], "<")
	if !ok || strings.HasPrefix(rest, "<") || strings.HasSuffix(p.text[:p.at-1], "<") {
		return false
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "-"), " \t")
	end := strings.IndexAny(rest, " \t\n;&|()<>")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return false
	}
	p.documents = append(p.documents, strings.NewReplacer("'", "", `"`, "", `\`, "").Replace(rest[:end]))
	p.at = len(p.text) - len(rest) + end
	return true
}

// skipDocuments skips the here-documents of the line that has ended. What never ends was none.
func (p *scanner) skipDocuments() {
	for _, last := range p.documents {
		at, lines := p.at, 0
		for line := range strings.Lines(p.text[p.at:]) {
			at += len(line)
			lines++
			if strings.TrimLeft(strings.TrimSuffix(line, "\n"), "\t") == last {
				p.at, p.line = at, p.line+lines
				break
			}
		}
	}
	p.documents = nil
}
