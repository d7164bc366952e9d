package rest

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// NameMayNotBe are the strings that have a meaning of their own as path segments.
var NameMayNotBe = []string{".", ".."}

// NameMayNotContain are the strings that could make more than one segment out of one.
var NameMayNotContain = []string{"/", "%"}

// IsValidPathSegmentName says what makes name unfit for a path segment; nil means nothing does.
func IsValidPathSegmentName(name string) []string {
	if slices.Contains(NameMayNotBe, name) {
		return []string{fmt.Sprintf("may not be '%s'", name)}
	}
	return IsValidPathSegmentPrefix(name)
}

// IsValidPathSegmentPrefix says what makes name unfit for the beginning of a path segment; nil means nothing does.
func IsValidPathSegmentPrefix(name string) []string {
	var problems []string
	for _, illegal := range NameMayNotContain {
		if strings.Contains(name, illegal) {
			problems = append(problems, fmt.Sprintf("may not contain '%s'", illegal))
		}
	}
	return problems
}

// ValidatePathSegmentName is IsValidPathSegmentPrefix if prefix is set, else IsValidPathSegmentName.
func ValidatePathSegmentName(name string, prefix bool) []string {
	if prefix {
		return IsValidPathSegmentPrefix(name)
	}
	return IsValidPathSegmentName(name)
}

// checkName returns an error unless s may be a path segment. what is for the error.
func checkName(what, s string) error {
	problems := IsValidPathSegmentName(s)
	if hasControl(s) {
		problems = append(problems, "may not contain control characters")
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("invalid %s %q: %s", what, s, strings.Join(problems, ", "))
}

// splitPath returns the segments of paths, which may have several each. Empty ones are left out; those that would retarget
// the request are an error. what is for the error.
func splitPath(what string, paths []string) ([]string, error) {
	segments := make([]string, 0, len(paths))
	var errs []error
	for _, p := range paths {
		for s := range strings.SplitSeq(p, "/") {
			switch {
			case s == "":
				continue
			case slices.Contains(NameMayNotBe, s):
				errs = append(errs, fmt.Errorf("invalid %s %q: a segment may not be '%s'", what, p, s))
			case hasControl(s):
				errs = append(errs, fmt.Errorf("invalid %s %q: may not contain control characters", what, p))
			}
			segments = append(segments, s)
		}
	}
	return segments, errors.Join(errs...)
}

func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == 0x7f {
			return true
		}
	}
	return false
}

// root is the path that the paths of requests begin with. It has no slash at the end.
type root struct {
	path string
	// raw is the escaped path, if that is not what url.URL makes of path.
	raw string
}

// child returns the root that is below r by path.
func (r root) child(path string) root {
	path = strings.TrimSuffix(path, "/")
	c := root{path: r.path + path}
	if r.raw != "" {
		c.raw = r.raw + (&url.URL{Path: path}).EscapedPath()
	}
	return c
}

// setPath sets the path of u to that of root and segments after it. Each segment arrives at the server as it is here: what
// would end or split it is escaped.
func (r root) setPath(u *url.URL, segments []string, trailingSlash bool) {
	u.Path = joinPath(r.path, segments, trailingSlash, nil)
	u.RawPath = ""
	if r.raw != "" || slices.ContainsFunc(segments, needsEscape) {
		raw := r.raw
		if raw == "" {
			raw = (&url.URL{Path: r.path}).EscapedPath()
		}
		u.RawPath = joinPath(raw, segments, trailingSlash, url.PathEscape)
	}
}

// needsEscape reports whether s has a byte that url.URL would leave as it is although it may have a meaning.
func needsEscape(s string) bool { return strings.ContainsAny(s, ";,") }

func joinPath(base string, segments []string, trailingSlash bool, escape func(string) string) string {
	n := len(base) + 1
	for _, s := range segments {
		n += len(s) + 1
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(base)
	for _, s := range segments {
		b.WriteByte('/')
		if escape != nil {
			s = escape(s)
		}
		b.WriteString(s)
	}
	if trailingSlash || b.Len() == 0 {
		b.WriteByte('/')
	}
	return b.String()
}
