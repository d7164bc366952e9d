// Package redact prints values that hold secrets without them. All packages that have such values do it the same way.
package redact

import (
	"fmt"
	"strings"
)

// Marker stands where a secret was.
const Marker = "--- REDACTED ---"

// String returns Marker in place of s; an empty s stays empty, so that one sees whether there is a secret.
func String(s string) string {
	if s == "" {
		return ""
	}
	return Marker
}

// Bytes is String for bytes.
func Bytes(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return []byte(Marker)
}

// Format prints v, which has no secrets any more, in Go syntax for %#v and with field names for every other verb: no verb may
// fall back to printing what v was made from. In Go syntax the name of v's type begins with private, such as "rest.printed";
// public, such as "rest.", takes its place.
func Format(s fmt.State, verb rune, v any, private, public string) {
	if verb == 'v' && s.Flag('#') {
		fmt.Fprint(s, strings.Replace(fmt.Sprintf("%#v", v), private, public, 1))
		return
	}
	fmt.Fprintf(s, "%+v", v)
}
