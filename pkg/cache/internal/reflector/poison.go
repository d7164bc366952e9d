package reflector

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
)

// What a server can make a reflector, and its sink, hold of objects that cannot be decoded.
const (
	// MaxPoisoned is of how many such objects more is known than that they exist.
	MaxPoisoned = 10_000
	// maxPoisonText bounds the text of what is wrong with one, in bytes.
	maxPoisonText = 4 << 10
	// maxPoisonName is more than any namespace, name, UID or resourceVersion has.
	maxPoisonName = 1 << 10
)

// errManyPoisoned takes the place of what is wrong with one of too many objects.
var errManyPoisoned = errors.New("there are too many objects that cannot be decoded to say what is wrong with each")

// Poison names an object that arrived and could not be decoded. Its content is in none of the fields. In a list even the
// name may be missing; then any object that the list does not have may be the one. Poison is an error.
type Poison struct { //nolint:errname // it names an object; that it is an error too lets it be reported
	Namespace, Name string
	UID             types.UID
	Version         string
	Err             error
}

// Key says which object it is.
func (p *Poison) Key() Key { return Key{p.Namespace, p.Name} }

func (p *Poison) Error() string {
	if p.Name == "" {
		return fmt.Sprintf("an object that does not tell its name is left out: %v", p.Err)
	}
	return fmt.Sprintf("object %s (UID %q, version %q) is left out: %v", p.Key(), p.UID, p.Version, p.Err)
}

// Unwrap returns why it could not be decoded.
func (p *Poison) Unwrap() error { return p.Err }

// newPoison returns the poison of an object. What is too long to be part of an identity is none, and what is wrong with it is
// kept as a text if that is long.
func newPoison(namespace, name string, uid types.UID, version string, err error) *Poison {
	if len(namespace) > maxPoisonName || len(name) > maxPoisonName {
		namespace, name = "", ""
	}
	if len(uid) > maxPoisonName {
		uid = ""
	}
	if len(version) > maxPoisonName {
		version = ""
	}
	return &Poison{Namespace: namespace, Name: name, UID: uid, Version: version, Err: shortened(err)}
}

// shortened returns err itself if its text is short.
func shortened(err error) (short error) {
	if err == nil {
		return nil
	}
	defer Caught(&short) // the error may be the user's
	text := err.Error()
	if len(text) <= maxPoisonText {
		return err
	}
	return errors.New(text[:maxPoisonText] + "...")
}
