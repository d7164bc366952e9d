//go:build !unix

package clientcmd

import "os"

// keepOwner has nothing to do: files have no owner that a rename would change, or none that can be set.
func keepOwner(*os.File, string) error { return nil }

// syncDir has nothing to do: directories cannot be synced.
func syncDir(string) {}
