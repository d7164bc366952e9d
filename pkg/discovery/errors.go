package discovery

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ErrGroupDiscoveryFailed says that something is missing from a result.
type ErrGroupDiscoveryFailed struct { //nolint:errname // client-go's name, which programs use
	// Groups are the versions that are missing, and why.
	Groups map[schema.GroupVersion]error
}

// Error implements error.
func (e *ErrGroupDiscoveryFailed) Error() string {
	failures := make([]string, 0, len(e.Groups))
	for gv, err := range e.Groups {
		failures = append(failures, fmt.Sprintf("%s: %v", gv, err))
	}
	slices.Sort(failures)
	return "unable to retrieve the complete list of server APIs: " + strings.Join(failures, ", ")
}

// Is makes errors.Is recognize any ErrGroupDiscoveryFailed.
func (e *ErrGroupDiscoveryFailed) Is(target error) bool {
	_, ok := target.(*ErrGroupDiscoveryFailed)
	return ok
}

// IsGroupDiscoveryFailedError reports whether err says that something is missing from a result.
func IsGroupDiscoveryFailedError(err error) bool {
	_, ok := GroupDiscoveryFailedErrorGroups(err)
	return ok
}

// GroupDiscoveryFailedErrorGroups returns what is missing from a result, if err says that something is.
func GroupDiscoveryFailedErrorGroups(err error) (map[schema.GroupVersion]error, bool) {
	if failed, ok := errors.AsType[*ErrGroupDiscoveryFailed](err); ok {
		return failed.Groups, true
	}
	return nil, false
}
