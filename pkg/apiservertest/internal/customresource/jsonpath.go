package customresource

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// jsonPath is a compiled path such as .status.conditions[?(@.type=="Ready")].status: what printer columns and scale subresources are written in. Of the
// dialect it has
//
//	.name  .with\.dots  ['name']  .*  ..name  [0]  [-1]  [1:3]  [*]  [?(@.path)]  [?(@.path==literal)]  with ==, !=, <, <=, >, >=
type jsonPath []step

// step takes a value to those that it leads to.
type step func(value any) []any

// find returns the values that a path leads to; none if something on the way is missing.
func (p jsonPath) find(value any) []any {
	values := []any{value}
	for _, step := range p {
		var next []any
		for _, v := range values {
			next = append(next, step(v)...)
		}
		values = next
	}
	return values
}

// first returns the first value that a path leads to.
func (p jsonPath) first(value any) (any, bool) {
	values := p.find(value)
	if len(values) == 0 {
		return nil, false
	}
	return values[0], true
}

// parsePath compiles a path.
func parsePath(text string) (jsonPath, error) {
	var path jsonPath
	for rest := text; rest != ""; {
		step, after, err := parseStep(rest)
		if err != nil {
			return nil, fmt.Errorf("JSON path %q: at %q: %w", text, rest, err)
		}
		path, rest = append(path, step), after
	}
	return path, nil
}

// parseStep compiles the first step of text, and returns what is behind it.
func parseStep(text string) (step, string, error) {
	switch {
	case strings.HasPrefix(text, ".."):
		name, rest := cutName(text[2:])
		if name == "" {
			return nil, "", fmt.Errorf("a name is missing behind the two dots")
		}
		return descend(name), rest, nil
	case strings.HasPrefix(text, ".["):
		return parseStep(text[1:])
	case strings.HasPrefix(text, "."):
		name, rest := cutName(text[1:])
		switch name {
		case "":
			return nil, "", fmt.Errorf("a name is missing behind the dot")
		case "*":
			return children, rest, nil
		}
		return child(name), rest, nil
	case strings.HasPrefix(text, "["):
		end := closing(text)
		if end < 0 {
			return nil, "", fmt.Errorf("the bracket is not closed")
		}
		step, err := parseBracket(strings.TrimSpace(text[1:end]))
		return step, text[end+1:], err
	}
	return nil, "", fmt.Errorf("a step begins with a dot or a bracket")
}

// cutName returns the name that text begins with, up to a dot or bracket without a backslash before it.
func cutName(text string) (name, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == '.' || c == '[':
			return b.String(), text[i:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// closing returns where the bracket that text begins with is closed, -1 if it is not. Brackets in quotes do not count.
func closing(text string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			switch c {
			case '\\':
				i++
			case quote:
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func parseBracket(text string) (step, error) {
	if text == "*" {
		return children, nil
	}
	if name, ok := unquote(text); ok {
		return child(name), nil
	}
	if inner, ok := strings.CutPrefix(text, "?("); ok && strings.HasSuffix(inner, ")") {
		keep, err := parseFilter(strings.TrimSuffix(inner, ")"))
		return filter(keep), err
	}
	if from, to, ok := strings.Cut(text, ":"); ok {
		begin, err := bound(from)
		if err != nil {
			return nil, err
		}
		end, err := bound(to)
		return items(begin, end), err
	}
	index, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no index, name in quotes, *, slice or filter", text)
	}
	return item(index), nil
}

// unquote returns what is in quotes, with its escapes resolved.
func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != text[len(text)-1] || text[0] != '\'' && text[0] != '"' {
		return "", false
	}
	var b strings.Builder
	for inner := text[1 : len(text)-1]; inner != ""; inner = inner[1:] {
		if inner[0] == '\\' && len(inner) > 1 {
			inner = inner[1:]
		}
		b.WriteByte(inner[0])
	}
	return b.String(), true
}

// bound returns an end of a slice, nil if it is open.
func bound(text string) (*int, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no index", text)
	}
	return &n, nil
}

func child(name string) step {
	return func(value any) []any {
		if fields, ok := value.(map[string]any); ok {
			if v, ok := fields[name]; ok {
				return []any{v}
			}
		}
		return nil
	}
}

// children are the fields of an object by name, or the items of a list.
func children(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case map[string]any:
		var all []any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, v[name])
		}
		return all
	}
	return nil
}

// descend are the fields of a name in a value and in all that it has inside.
func descend(name string) step {
	return func(value any) []any {
		found := child(name)(value)
		for _, inner := range children(value) {
			found = append(found, descend(name)(inner)...)
		}
		return found
	}
}

// item is that of an index; a negative one counts from the end.
func item(index int) step {
	return func(value any) []any {
		list, _ := value.([]any)
		i := index
		if i < 0 {
			i += len(list)
		}
		if i < 0 || i >= len(list) {
			return nil
		}
		return list[i : i+1]
	}
}

// items are those from begin up to, but not including, end; both count from the end if they are negative.
func items(begin, end *int) step {
	place := func(bound *int, open, length int) int {
		n := open
		if bound != nil {
			n = *bound
		}
		if n < 0 {
			n += length
		}
		return max(0, min(n, length))
	}
	return func(value any) []any {
		list, _ := value.([]any)
		from, to := place(begin, 0, len(list)), place(end, len(list), len(list))
		return list[from:max(from, to)]
	}
}

// filter are the items of a list that keep says yes to.
func filter(keep func(any) bool) step {
	return func(value any) []any {
		list, _ := value.([]any)
		var kept []any
		for _, v := range list {
			if keep(v) {
				kept = append(kept, v)
			}
		}
		return kept
	}
}
