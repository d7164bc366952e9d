package apiserver

import "syscall"

// childAttributes puts a server into a process group of its own, so that Ctrl-C in a
// terminal reaches the launcher, which stops the servers in order; and has the kernel
// kill it when the launcher's thread is gone, however the launcher ended.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
