// Package homedir finds the home directory of the user, where kubectl and others keep .kube/config.
package homedir

import (
	"os"
	"path/filepath"
	"runtime"
)

// HomeDir returns the home directory of the user: $HOME. On Windows it is the first of %HOME%, %HOMEDRIVE%%HOMEPATH% and
// %USERPROFILE% that has a file .kube\config; else, of %HOME%, %USERPROFILE% and %HOMEDRIVE%%HOMEPATH%, the first that is a
// writable directory; else the first that exists; else the first that is set. It is empty if nothing is set.
func HomeDir() string {
	if runtime.GOOS == "windows" {
		return windowsHomeDir(os.Getenv)
	}
	return os.Getenv("HOME")
}

func windowsHomeDir(getenv func(string) string) string {
	home, profile, drive := getenv("HOME"), getenv("USERPROFILE"), ""
	if path := getenv("HOMEPATH"); path != "" {
		drive = getenv("HOMEDRIVE") + path
	}
	if found := first(hasKubeconfig, home, drive, profile); found != "" {
		return found
	}
	for _, test := range []func(string) bool{writable, exists, func(string) bool { return true }} {
		if found := first(test, home, profile, drive); found != "" {
			return found
		}
	}
	return ""
}

// first returns the first of dirs that is set and passes test, or nothing.
func first(test func(string) bool, dirs ...string) string {
	for _, dir := range dirs {
		if dir != "" && test(dir) {
			return dir
		}
	}
	return ""
}

func exists(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

func hasKubeconfig(dir string) bool { return exists(filepath.Join(dir, ".kube", "config")) }

// writable goes by the permission bit of the owner, which on Windows is the read-only attribute.
func writable(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir() && info.Mode().Perm()&0o200 != 0
}
