package openapi

import (
	_ "embed" // of required.txt
	"strings"
	"sync"
)

//go:embed required.txt
var requiredText string

// requiredFields says of fields whether they are required, where that is not what the tag for
// JSON says: a field that is left out when it is empty is optional, others are required. The
// comments in the sources of k8s.io/api know better, and a test reads them:
//
//	go test ./pkg/apiservertest/internal/openapi -run TestRequiredFields -update
var requiredFields = sync.OnceValue(func() map[string]bool {
	fields := make(map[string]bool)
	for line := range strings.Lines(requiredText) {
		word, field, _ := strings.Cut(strings.TrimSpace(line), " ")
		fields[field] = word == "required"
	}
	return fields
})

// isRequired reports whether a field, named as "package.Type.field", is required.
func isRequired(field string, omits bool) bool {
	if required, exception := requiredFields()[field]; exception {
		return required
	}
	return !omits
}
