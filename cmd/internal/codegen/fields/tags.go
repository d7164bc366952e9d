package fields

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// keys are those of the tags that are read. Comments have many others.
var keys = []string{
	"default", "k8s:openapi-gen", "kubebuilder:default", "kubebuilder:pruning:PreserveUnknownFields",
	"kubebuilder:validation:XPreserveUnknownFields", "listMapKey", "listType", "mapType", "optional", "patchMergeKey",
	"patchStrategy", "structType", "union", "unionDiscriminator",
}

// Keys returns the keys of all tags that this package reads, sorted.
func Keys() []string { return slices.Clone(keys) }

// tags are the comment tags of a type or field that are read, such as +listType=map, with their values in order.
type tags map[string][]string

// first returns the first value of a tag.
func (t tags) first(key string) (string, bool) {
	if len(t[key]) == 0 {
		return "", false
	}
	return t[key][0], true
}

// has reports whether there is one of the tags.
func (t tags) has(keys ...string) bool {
	for _, key := range keys {
		if _, ok := t[key]; ok {
			return true
		}
	}
	return false
}

var directive = regexp.MustCompile(`^//[a-z0-9]+:[a-z0-9]`)

// comment splits a comment into documentation and tags. Directives of tools, such as //nolint:lll, are neither.
func comment(group *ast.CommentGroup) (doc []string, t tags) {
	t = tags{}
	if group == nil {
		return nil, t
	}
	for _, c := range group.List {
		if directive.MatchString(c.Text) {
			continue
		}
		text := strings.TrimPrefix(c.Text, "//")
		if block, ok := strings.CutPrefix(c.Text, "/*"); ok {
			text = strings.TrimSuffix(block, "*/")
		}
		for line := range strings.SplitSeq(text, "\n") {
			trimmed := strings.TrimSpace(line)
			if tag, ok := strings.CutPrefix(trimmed, "+"); ok {
				if key, value, _ := strings.Cut(tag, "="); slices.Contains(keys, key) {
					t[key] = append(t[key], value)
				}
				continue
			}
			if trimmed == "" && len(doc) == 0 {
				continue
			}
			doc = append(doc, strings.TrimRight(strings.TrimPrefix(line, " "), " \t\r"))
		}
	}
	for len(doc) > 0 && doc[len(doc)-1] == "" {
		doc = doc[:len(doc)-1]
	}
	return doc, t
}
