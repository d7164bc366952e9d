package registry

import (
	"errors"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// parseVersion reads a resourceVersion of options; 0 if there is none.
func parseVersion(version string) (int64, error) {
	if version == "" {
		return 0, nil
	}
	at, err := parse(version)
	if err != nil {
		return 0, field.Invalid(field.NewPath("resourceVersion"), version, err.Error())
	}
	return at, nil
}

// parse reads a number as the storage of kube-apiserver does, with its errors.
func parse(version string) (int64, error) {
	n, err := strconv.ParseUint(version, 10, 64)
	if err == nil && int64(n) < 0 {
		err = &strconv.NumError{Func: "ParseUint", Num: version, Err: errors.New("value out of range")}
	}
	return int64(n), err
}

func formatVersion(revision int64) string { return strconv.FormatInt(revision, 10) }
