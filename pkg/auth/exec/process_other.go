//go:build !unix

package exec

import "os/exec"

// ownProcessGroup does nothing: there are no process groups here, and only the plugin itself is killed.
func ownProcessGroup(*exec.Cmd) {}
