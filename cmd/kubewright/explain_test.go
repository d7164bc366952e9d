package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

func TestEveryTagIsExplained(t *testing.T) {
	for _, key := range tags.Keys() {
		if !slices.ContainsFunc(tagDocs, func(doc tagDoc) bool { return doc.Key == key }) {
			t.Errorf("+%s is not explained", key)
		}
	}
	seen := map[string]bool{}
	for _, doc := range tagDocs {
		if seen[doc.Key] {
			t.Errorf("+%s is explained twice", doc.Key)
		}
		seen[doc.Key] = true
		if !strings.HasPrefix(doc.Syntax, "+"+doc.Key) || doc.Place == "" || !strings.Contains(doc.Example, "+"+doc.Key) || !strings.HasSuffix(doc.Does, ".") {
			t.Errorf("+%s: %+v", doc.Key, doc)
		}
	}
}
