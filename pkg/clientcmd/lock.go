package clientcmd

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// A kubeconfig is locked through a file next to it, since the kubeconfig itself is replaced while the lock is held. The
// lock belongs to the operating system, which gives it back when a process ends in any way: a lock file that is left
// behind locks nothing.

const (
	lockSuffix = ".flock" // ".lock" would stop client-go for ever if it were left behind
	lockWait   = 10 * time.Second
	lockPoll   = 10 * time.Millisecond
)

// errLocked says that somebody else has the lock.
var errLocked = errors.New("locked")

// lockFiles locks kubeconfig files, which need not be there, and returns what unlocks them. All lock in the same order, so
// that nobody waits in a circle. Devices such as /dev/null are not locked. Where no lock can be made because the directory
// is not there or may not be written, there is nothing to lock: the file cannot be replaced either.
func lockFiles(filenames []string, wait time.Duration) (unlock func(), err error) {
	deadline := time.Now().Add(wait)
	targets := make([]string, 0, len(filenames))
	for _, filename := range filenames {
		target, err := oneName(filename)
		if err != nil {
			return nil, err
		}
		if !isDevice(target) {
			targets = append(targets, target)
		}
	}
	slices.Sort(targets)
	var held []func()
	unlock = func() {
		for _, release := range slices.Backward(held) {
			release()
		}
	}
	for _, target := range slices.Compact(targets) {
		release, err := lockWithin(target+lockSuffix, deadline)
		switch {
		case err == nil:
			held = append(held, release)
		case errors.Is(err, errLocked):
			unlock()
			return nil, fmt.Errorf("unable to lock kubeconfig %q: another process has held the lock %q for %v: wait for it, or end it", target, target+lockSuffix, wait)
		case cannotBeWritten(err):
		default:
			unlock()
			return nil, fmt.Errorf("unable to lock kubeconfig %q: %w", target, err)
		}
	}
	return unlock, nil
}

// lockWithin tries to get a lock until the deadline, at least once.
func lockWithin(path string, deadline time.Time) (func(), error) {
	for {
		release, err := tryLock(path)
		if err == nil || !errors.Is(err, errLocked) || !time.Now().Before(deadline) {
			return release, err
		}
		time.Sleep(lockPoll)
	}
}

func cannotBeWritten(err error) bool {
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) || isReadOnly(err)
}
