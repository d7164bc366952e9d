package canary

import (
	"fmt"
	"testing"
)

// Err fails the test if err, or an error that it wraps, shows Secret, and returns err. It is for every error of code that had
// a credential in hand; nil shows nothing.
func Err(t testing.TB, err error) error {
	t.Helper()
	hidden(t, err)
	return err
}

func hidden(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	Hidden(t, err)
	switch err := err.(type) { //nolint:errorlint // each error of the tree has its turn
	case interface{ Unwrap() error }:
		hidden(t, err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			hidden(t, one)
		}
	}
}

// Hidden fails the test if a verb of fmt prints Secret for one of the values: a panic, or something that holds a credential.
func Hidden(t testing.TB, values ...any) {
	t.Helper()
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			if out := fmt.Sprintf(verb, v); len(In(out)) > 0 {
				t.Errorf("%s of a %T shows a secret: %s", verb, v, out)
				break
			}
		}
	}
}
