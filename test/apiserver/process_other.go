//go:build !linux

package apiserver

import "syscall"

// childAttributes asks for nothing: only Linux ends a child with its parent. Elsewhere
// the servers share the launcher's process group, so that Ctrl-C reaches them, and
// outlive a launcher that is killed.
func childAttributes() *syscall.SysProcAttr { return nil }
