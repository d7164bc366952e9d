package redact

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
)

// DecodeError returns the error of a decoder without what was decoded, all of which is in the errors about objects without kind
// or version: it may be a Secret.
func DecodeError(err error) error {
	switch {
	case runtime.IsMissingKind(err):
		return runtime.NewMissingKindErr(Marker)
	case runtime.IsMissingVersion(err):
		return runtime.NewMissingVersionErr(Marker)
	}
	return err
}

var (
	errMalformedTime  = errors.New("a time is malformed")
	errMalformedValue = errors.New("a value is malformed")
)

// maxTypeBytes is more than a kind and a version that anybody has registered need in an error.
const maxTypeBytes = 1 << 10

// ValueError returns what the error of a decoder says about an object, without any value in that: decoders put numbers and
// times into their errors. What is not known to be free of values is replaced.
func ValueError(err error) error {
	if runtime.IsMissingKind(err) || runtime.IsMissingVersion(err) {
		return DecodeError(err)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		public := *e
		public.Value, _, _ = strings.Cut(e.Value, " ") // "number" of "number 5"
		return &public
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errMalformedTime
	}
	for _, public := range []error{resource.ErrFormatWrong, resource.ErrNumeric, resource.ErrSuffix, io.ErrUnexpectedEOF} {
		if errors.Is(err, public) {
			return public
		}
	}
	if runtime.IsNotRegisteredError(err) && len(err.Error()) <= maxTypeBytes {
		return err // which names the type of the object
	}
	if strings.HasPrefix(err.Error(), "proto: wrong wireType = ") {
		return err // which names a field of the Go type
	}
	return errMalformedValue
}
