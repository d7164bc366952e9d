package apiobject

import (
	"crypto/rand"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	utilrand "k8s.io/apimachinery/pkg/util/rand"
)

const (
	suffixLength = 5
	maxPrefix    = 63 - suffixLength
	// NameAttempts is how often a generated name is drawn if it is taken, see KEP-4420.
	NameAttempts = 8
)

// GenerateName returns a name with prefix, which is cut so that the name is a DNS label.
func GenerateName(prefix string) string {
	if len(prefix) > maxPrefix {
		prefix = prefix[:maxPrefix]
	}
	return prefix + utilrand.String(suffixLength)
}

// NewUID returns a random UUID (RFC 9562, version 4).
func NewUID() types.UID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return types.UID(fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]))
}
