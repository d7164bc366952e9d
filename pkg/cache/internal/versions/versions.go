// Package versions compares resource versions. Those of one collection are numbers from one counter; what is no plain number
// cannot be compared.
package versions

import "k8s.io/apimachinery/pkg/util/resourceversion"

// Older says that version a is certainly older than b.
func Older(a, b string) bool {
	order, err := resourceversion.CompareResourceVersion(a, b)
	return err == nil && order < 0
}

// Reached says that version is certainly not older than want.
func Reached(version, want string) bool {
	order, err := resourceversion.CompareResourceVersion(version, want)
	return err == nil && order >= 0
}
