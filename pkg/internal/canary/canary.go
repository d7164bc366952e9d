// Package canary finds secrets that leak. Tests put Secret wherever a credential can be: as token, password, key, claim of an
// ID token, output of a credential plugin. It must not come out again where people look:
//
//	tests ── Secret ──▶ code under test ──┬── klog, slog, log, os.Stderr, labels of metrics ──▶ Seen ──▶ Main: the run fails
//	                                      └── errors, panics, what is printed ──▶ Err, Hidden: the test fails
//
// A package that handles credentials hands its TestMain to Main, and passes the errors that its tests look at through Err.
// Only tests import this package.
package canary

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Secret must not show up anywhere. What has to differ, as a token does after its rotation, contains it.
const Secret = "canary-5e3d9"

// forms is Forms, made once.
var forms = Forms()

// Forms returns the ways in which Secret could be written, also as a part of something longer: as it is, in hex, as the bytes
// that fmt prints, and in base64, where it depends on the number of bytes before it and on the alphabet.
func Forms() []string {
	bytes := []byte(Secret)
	all := []string{
		Secret, fmt.Sprintf("%x", bytes), fmt.Sprintf("%X", bytes),
		strings.Trim(fmt.Sprintf("%d", bytes), "[]"), strings.Trim(fmt.Sprintf("%#v", bytes), "[]byte{}"),
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			// Of the characters, each of which has 6 bits, those that have bits of Secret only.
			first, end := (before*8+5)/6, (before+len(Secret))*8/6
			all = append(all, encoding.EncodeToString(append(make([]byte, before), bytes...))[first:end])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// In returns the lines of text that show Secret in any form.
func In(text string) []string {
	var bad []string
	for line := range strings.SplitSeq(text, "\n") {
		if slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(line, form) }) {
			bad = append(bad, line)
		}
	}
	return bad
}
