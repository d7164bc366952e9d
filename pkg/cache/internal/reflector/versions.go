package reflector

import "k8s.io/apimachinery/pkg/util/resourceversion"

const (
	// anyVersion asks for a list of whatever version the server has at hand.
	anyVersion = "0"
	// newestVersion asks for a list as of now.
	newestVersion = ""
)

// older says that version a is certainly older than b. Of versions that are not plain numbers nobody can say.
func older(a, b string) bool {
	order, err := resourceversion.CompareResourceVersion(a, b)
	return err == nil && order < 0
}

// reached says that version is certainly not older than want.
func reached(version, want string) bool {
	order, err := resourceversion.CompareResourceVersion(version, want)
	return err == nil && order >= 0
}
