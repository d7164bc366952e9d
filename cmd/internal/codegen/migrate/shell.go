package migrate

import (
	"path"
	"regexp"
	"strings"
)

// command is a simple command of a script: its words, expanded as far as that can be told without running it.
type command struct {
	line  int
	words []string
}

// shell reads scripts: words, quotes, comments, continued lines, assignments and the variables that they set. It runs
// nothing: of command substitutions it knows those by which scripts find out where they are.
type shell struct {
	dir       string // of the script, slash-separated
	module    string // the path of the module
	variables map[string]string
}

// commands returns the commands of a script in their order. Loops, functions and conditions are not followed: what stands
// in them counts once.
func (s *shell) commands(script string) []command {
	var commands []command
	p := newScanner(script)
	for !p.done() {
		words, line := p.command()
		for len(words) > 0 {
			name, value, ok := assignment(words[0])
			if !ok {
				break
			}
			s.assign(name, value)
			words = words[1:]
		}
		for len(words) > 0 && (words[0] == "local" || words[0] == "export" || words[0] == "readonly" || words[0] == "declare") {
			words = words[1:]
			for len(words) > 0 {
				if name, value, ok := assignment(words[0]); ok {
					s.assign(name, value)
				}
				words = words[1:]
			}
		}
		if len(words) == 0 {
			continue
		}
		c := command{line: line}
		for _, word := range words {
			c.words = append(c.words, s.expand(word))
		}
		commands = append(commands, c)
	}
	return commands
}

// longestValue is the length up to which values are kept. No path is as long, and scripts that append a variable to itself
// time and again would fill the memory.
const longestValue = 16 << 10

func (s *shell) assign(name, value string) {
	if value = s.expand(value); len(value) <= longestValue {
		s.variables[name] = value
	} else {
		delete(s.variables, name)
	}
}

var assignmentPattern = regexp.MustCompile(`(?s)^([A-Za-z_][A-Za-z0-9_]*)=(.*)$`)

func assignment(word string) (name, value string, ok bool) {
	match := assignmentPattern.FindStringSubmatch(word)
	if match == nil {
		return "", "", false
	}
	return match[1], match[2], true
}

var (
	plainVariable = regexp.MustCompile(`^\$([A-Za-z_][A-Za-z0-9_]*)`)
	ofTheScript   = regexp.MustCompile(`^\$\{?(BASH_SOURCE|0)(\[0\])?\}?$`)
	directoryName = regexp.MustCompile(`(?s)^\s*dirname\s+(?:--\s+)?(.*?)\s*$`)
	changeAndTell = regexp.MustCompile(`(?s)^\s*cd\s+(?:--\s+)?(.*?)\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*$`)
	moduleList    = regexp.MustCompile(`^\s*go\s+list\s+-m\s*$`)
)

// expand replaces the expansions in a word. Those that it does not know stay.
func (s *shell) expand(word string) string {
	var out strings.Builder
	for word != "" {
		i := strings.IndexAny(word, "$`"+literal)
		if i < 0 {
			out.WriteString(word)
			break
		}
		out.WriteString(word[:i])
		var value string
		value, word = s.expandFirst(word[i:])
		out.WriteString(value)
	}
	return out.String()
}

// expandFirst replaces the expansion that a text begins with, and returns the rest.
func (s *shell) expandFirst(text string) (value, rest string) {
	switch {
	case strings.HasPrefix(text, literal):
		return text[1:2], text[2:]
	case strings.HasPrefix(text, "`"):
		if end := strings.IndexByte(text[1:], '`'); end >= 0 {
			return s.substitute(text[1:1+end], text[:end+2]), text[end+2:]
		}
	case strings.HasPrefix(text, "$("):
		if end := closing(text[1:]); end > 0 {
			return s.substitute(text[2:end+1], text[:end+2]), text[end+2:]
		}
	case strings.HasPrefix(text, "${"):
		if end := closing(text[1:]); end > 0 {
			return s.parameter(text[2:end+1], text[:end+2]), text[end+2:]
		}
	default:
		if match := plainVariable.FindStringSubmatch(text); match != nil {
			return s.variable(match[1], match[0]), text[len(match[0]):]
		}
	}
	return text[:1], text[1:]
}

// closing returns the index of the bracket that closes the one at the start.
func closing(text string) int {
	depth := 0
	for i, c := range text {
		switch c {
		case '{', '(':
			depth++
		case '}', ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// variable returns the value of a variable, or the expansion itself if it is not known.
func (s *shell) variable(name, whole string) string {
	if value, ok := s.variables[name]; ok {
		return value
	}
	if name == "PWD" {
		return "."
	}
	return whole
}

// parameter expands what is in ${...}: a name, perhaps with a default, as in ${NAME:-default}.
func (s *shell) parameter(text, whole string) string {
	for _, operator := range []string{":-", "-", ":="} {
		if name, value, ok := strings.Cut(text, operator); ok {
			if known, ok := s.variables[name]; ok && known != "" {
				return known
			}
			return s.expand(strings.Trim(value, `"`))
		}
	}
	return s.variable(text, whole)
}

// substitute returns what a command prints, or the substitution itself if it is not known.
func (s *shell) substitute(text, whole string) string {
	unquote := func(word string) string { return strings.ReplaceAll(word, `"`, "") }
	if match := directoryName.FindStringSubmatch(text); match != nil {
		if of := unquote(match[1]); ofTheScript.MatchString(of) {
			return s.dir
		} else if known := s.expand(of); !unknown(known) {
			return path.Dir(known)
		}
	}
	if match := changeAndTell.FindStringSubmatch(text); match != nil {
		return path.Clean(s.expand(unquote(match[1])))
	}
	switch {
	case moduleList.MatchString(text):
		return s.module
	case strings.TrimSpace(text) == "pwd":
		return "."
	}
	return whole
}

// unknown reports whether a word has something that only running the script would tell.
func unknown(word string) bool { return strings.ContainsAny(word, "$`") }
