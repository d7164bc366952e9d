package codec

import (
	"cmp"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// clause is one alternative of an Accept header (RFC 9110, section 12.5.1).
type clause struct {
	kind, subkind string
	q             float64
	params        map[string]string
}

// matches says whether media is what the clause asks for, perhaps by a wildcard.
func (c clause) matches(media Media) bool {
	kind, subkind, _ := strings.Cut(string(media), "/")
	return (c.kind == "*" || c.kind == kind) && (c.subkind == "*" || c.subkind == subkind)
}

// parseAccept returns the alternatives of an Accept header, the most wanted first. What cannot be parsed is left out; no header means everything.
func parseAccept(header string) []clause {
	if strings.TrimSpace(header) == "" {
		return []clause{{kind: "*", subkind: "*", q: 1}}
	}
	var clauses []clause
	for _, one := range strings.Split(header, ",") {
		media, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		kind, subkind, ok := strings.Cut(media, "/")
		if !ok {
			continue
		}
		c := clause{kind: kind, subkind: subkind, q: 1, params: params}
		if q, given := params["q"]; given {
			c.q, err = strconv.ParseFloat(q, 64)
			if err != nil || c.q <= 0 {
				continue
			}
		}
		clauses = append(clauses, c)
	}
	slices.SortStableFunc(clauses, func(a, b clause) int {
		return cmp.Or(-cmp.Compare(a.q, b.q), cmp.Compare(a.wildcards(), b.wildcards()))
	})
	return clauses
}

func (c clause) wildcards() int {
	n := 0
	if c.kind == "*" {
		n++
	}
	if c.subkind == "*" {
		n++
	}
	return n
}
