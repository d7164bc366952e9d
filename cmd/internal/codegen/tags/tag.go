// Package tags reads the comment tags that steer the generators: lines such as +genclient:noStatus above a type and
// +groupName=stable.example.com above a package clause.
//
// Tags are checked strictly. A tag that is misspelled, malformed or without effect is a problem with its place: what
// is silently ignored costs somebody an afternoon.
package tags

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// tag is one comment line of the form +key or +key=value.
type tag struct {
	key, value string
	hasValue   bool
	// behind is text that follows the key without "=". It makes a line prose, or a tag with a comment in the wrong place.
	behind string
	line   load.Line
}

// linePattern splits a tag line into its key and what comes behind it.
var linePattern = regexp.MustCompile(`^\+([A-Za-z_][A-Za-z0-9_.:-]*)(.*)$`)

// families are the first words of the keys that this package knows, each with the whole keys.
var families = map[string][]string{
	"genclient": {
		"genclient", "genclient:nonNamespaced", "genclient:noStatus", "genclient:noVerbs", "genclient:onlyVerbs",
		"genclient:skipVerbs", "genclient:readonly", "genclient:method",
	},
	"groupName":    {"groupName"},
	"groupGoName":  {"groupGoName"},
	"resourceName": {"resourceName"},
}

// formerly are the spellings of long ago. On a type with +genclient they are errors; elsewhere they may be the tags of
// other tools.
var formerly = map[string]string{
	"nonNamespaced": "genclient:nonNamespaced",
	"noMethods":     "genclient:noVerbs",
	"readonly":      "genclient:readonly",
}

// parse returns the tag on a line, if it is one of ours. A line that looks like a misspelled tag of ours is a problem.
func parse(line load.Line, problems *diag.Problems) (tag, bool) {
	match := linePattern.FindStringSubmatch(line.Text)
	if match == nil {
		return tag{}, false
	}
	key, rest := match[1], match[2]
	family, _, _ := strings.Cut(key, ":")
	keys, ok := families[family]
	if !ok && formerly[key] != "" {
		return tag{key: key, line: line}, true
	}
	if !ok {
		if near := diag.Nearest(family, "genclient", "groupName", "groupGoName", "resourceName"); near != "" {
			problems.Errorf(line.Pos, diag.UnknownTag, "unknown tag +%s", key).DidYouMean("+" + near + strings.TrimPrefix(key, family))
		}
		return tag{}, false
	}
	if !slices.Contains(keys, key) {
		if near := diag.Nearest(key, keys...); near != "" {
			problems.Errorf(line.Pos, diag.UnknownTag, "unknown tag +%s", key).DidYouMean("+" + near)
		} else {
			problems.Errorf(line.Pos, diag.UnknownTag, "unknown tag +%s", key).Fix("known are +%s", strings.Join(keys, ", +"))
		}
		return tag{}, false
	}
	value, hasValue := strings.CutPrefix(rest, "=")
	if !hasValue {
		return tag{key: key, behind: strings.TrimSpace(rest), line: line}, true
	}
	return tag{key: key, value: strings.TrimSpace(value), hasValue: true, line: line}, true
}
