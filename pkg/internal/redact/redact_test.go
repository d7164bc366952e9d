package redact

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
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

func TestValueErrorHasNoValues(t *testing.T) {
	var target struct {
		N int8              `json:"n"`
		T metav1.Time       `json:"t"`
		D metav1.Duration   `json:"d"`
		Q resource.Quantity `json:"q"`
		B []byte            `json:"b"`
	}
	_, notRegistered := runtime.NewScheme().New(schema.GroupVersionKind{Version: "v1", Kind: "Unknown"})
	_, endless := runtime.NewScheme().New(schema.GroupVersionKind{Version: "v1", Kind: strings.Repeat("5678", 1000)})
	for want, err := range map[string]error{
		"json: cannot unmarshal number into Go struct field .n of type int8": json.Unmarshal([]byte(`{"n":5678}`), &target),
		"a time is malformed":                                json.Unmarshal([]byte(`{"t":"5678"}`), &target),
		"a value is malformed":                               json.Unmarshal([]byte(`{"d":"5678"}`), &target),
		resource.ErrFormatWrong.Error():                      json.Unmarshal([]byte(`{"q":"5678x!"}`), &target),
		"unexpected EOF":                                     fmt.Errorf("5678: %w", io.ErrUnexpectedEOF),
		"proto: wrong wireType = 0 for field Data":           errors.New("proto: wrong wireType = 0 for field Data"),
		"Object 'Kind' is missing in '" + Marker + "'":       runtime.NewMissingKindErr("5678"),
		"Object 'apiVersion' is missing in '" + Marker + "'": runtime.NewMissingVersionErr("5678"),
		notRegistered.Error():                                notRegistered,
	} {
		if got := ValueError(err); got.Error() != want {
			t.Errorf("%v became %q, want %q", err, got, want)
		}
	}
	for _, err := range []error{endless, json.Unmarshal([]byte(`{"b":"5678!"}`), &target), errors.New("proto: illegal tag 5678")} {
		if got := ValueError(err); got != errMalformedValue {
			t.Errorf("%v became %q", err, got)
		}
	}
	err := json.Unmarshal([]byte(`{"n":5678}`), &target)
	if ValueError(err); !strings.Contains(err.Error(), "5678") {
		t.Error("the error itself was changed")
	}
}
