package customresource

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// operators of filters, those first that others begin with.
var operators = []struct {
	text  string
	holds func(order int) bool
}{
	{"==", func(order int) bool { return order == 0 }},
	{"!=", func(order int) bool { return order != 0 }},
	{"<=", func(order int) bool { return order <= 0 }},
	{">=", func(order int) bool { return order >= 0 }},
	{"<", func(order int) bool { return order < 0 }},
	{">", func(order int) bool { return order > 0 }},
}

// operand is a side of a comparison: what it is for an item of the list.
type operand func(item any) (any, bool)

// parseFilter compiles what is in the parentheses of [?(...)].
func parseFilter(text string) (func(any) bool, error) {
	for i := range text {
		if strings.Count(text[:i], `"`)%2 == 1 || strings.Count(text[:i], `'`)%2 == 1 {
			continue // in quotes
		}
		for _, op := range operators {
			right, ok := strings.CutPrefix(text[i:], op.text)
			if !ok {
				continue
			}
			a, err := parseOperand(text[:i])
			if err != nil {
				return nil, err
			}
			b, err := parseOperand(right)
			return func(item any) bool {
				x, okX := a(item)
				y, okY := b(item)
				order, ok := compare(x, y)
				return okX && okY && ok && op.holds(order)
			}, err
		}
	}
	exists, err := parseOperand(text)
	return func(item any) bool { _, ok := exists(item); return ok }, err
}

func parseOperand(text string) (operand, error) {
	text = strings.TrimSpace(text)
	if path, ok := strings.CutPrefix(text, "@"); ok {
		compiled, err := parsePath(path)
		return compiled.first, err
	}
	literal := func(value any) operand { return func(any) (any, bool) { return value, true } }
	if s, ok := unquote(text); ok {
		return literal(s), nil
	}
	if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
		return literal(b), nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return literal(f), nil
	}
	return nil, fmt.Errorf("%q is no path that begins with @, string in quotes, number or boolean", text)
}

// compare orders two values of the same kind; false if they are not.
func compare(a, b any) (int, bool) {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return cmp.Compare(x, y), ok
	case bool:
		y, ok := b.(bool)
		if x == y {
			return 0, ok
		}
		return 1, ok
	}
	x, okX := number(a)
	y, okY := number(b)
	return cmp.Compare(x, y), okX && okY
}

func number(value any) (float64, bool) {
	switch v := value.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
