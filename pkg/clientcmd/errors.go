package clientcmd

import (
	"errors"
	"fmt"
	"strings"
)

// Errors of a kubeconfig from which nothing can be made.
var (
	ErrNoContext    = errors.New("no context chosen")
	ErrEmptyConfig  = NewEmptyConfigError("no configuration has been provided, try setting KUBERNETES_MASTER environment variable")
	ErrEmptyCluster = errors.New("cluster has no server defined")
)

type emptyConfigError struct{ message string }

func (e *emptyConfigError) Error() string { return e.message }

// NewEmptyConfigError returns an error that IsEmptyConfig recognizes.
func NewEmptyConfigError(message string) error { return &emptyConfigError{message} }

// IsEmptyConfig reports whether err is about a kubeconfig that says nothing.
func IsEmptyConfig(err error) bool {
	_, ok := errors.AsType[*emptyConfigError](err)
	return ok
}

type contextNotFoundError struct{ message string }

func (e *contextNotFoundError) Error() string { return e.message }

// IsContextNotFound reports whether err is about a context that is not there.
func IsContextNotFound(err error) bool {
	_, ok := errors.AsType[*contextNotFoundError](err)
	return ok
}

// invalidConfigError says what is wrong with a kubeconfig.
type invalidConfigError struct {
	source string
	errs   []error
}

func (e *invalidConfigError) Error() string {
	return "invalid " + e.source + ": " + joinErrors(e.errs).Error()
}

func (e *invalidConfigError) Unwrap() []error { return e.errs }

// IsConfigurationInvalid reports whether err is about a kubeconfig that contradicts itself or cannot be used.
func IsConfigurationInvalid(err error) bool {
	_, ok := errors.AsType[*invalidConfigError](err)
	return ok || IsContextNotFound(err)
}

// joinedErrors is like what errors.Join returns, in one line.
type joinedErrors []error

func joinErrors(errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return joinedErrors(errs)
}

func (j joinedErrors) Error() string {
	texts := make([]string, len(j))
	for i, err := range j {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (j joinedErrors) Unwrap() []error { return j }

// within says which entry err is about.
func within(what, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", what, name, err)
}
