package redact

import (
	"errors"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

type plainThing struct{ Token string }

type thing struct{ Token string }

func (t thing) Format(s fmt.State, verb rune) {
	Format(s, verb, plainThing{String(t.Token)}, "redact.plain", "redact.")
}

func TestNoVerbPrintsASecret(t *testing.T) {
	for verb, want := range map[string]string{
		"%v":  "{Token:--- REDACTED ---}",
		"%+v": "{Token:--- REDACTED ---}",
		"%s":  "{Token:--- REDACTED ---}",
		"%x":  "{Token:--- REDACTED ---}",
		"%#v": `redact.Thing{Token:"--- REDACTED ---"}`,
	} {
		if got := fmt.Sprintf(verb, thing{"canary"}); got != want {
			t.Errorf("%s prints %s, want %s", verb, got, want)
		}
	}
}

func TestNothingStaysNothing(t *testing.T) {
	if String("") != "" || Bytes(nil) != nil || Bytes([]byte{}) != nil {
		t.Error("what is empty must stay empty")
	}
	if String("x") != Marker || string(Bytes([]byte("x"))) != Marker {
		t.Error("what is not empty must become the marker")
	}
}

func TestDecodeErrorDoesNotRepeatTheInput(t *testing.T) {
	if err := DecodeError(runtime.NewMissingKindErr("canary")); !runtime.IsMissingKind(err) || err.Error() != "Object 'Kind' is missing in '"+Marker+"'" {
		t.Error(err)
	}
	if err := DecodeError(runtime.NewMissingVersionErr("canary")); !runtime.IsMissingVersion(err) || err.Error() != "Object 'apiVersion' is missing in '"+Marker+"'" {
		t.Error(err)
	}
	if other := errors.New("x"); !errors.Is(DecodeError(other), other) || DecodeError(nil) != nil {
		t.Error("another error is changed")
	}
}
