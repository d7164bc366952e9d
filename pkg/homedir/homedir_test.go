package homedir

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHomeDirIsHOMEElsewhere(t *testing.T) {
	for _, want := range []string{"/somewhere", ""} {
		t.Setenv("HOME", want)
		if got := HomeDir(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWindowsHomeDir(t *testing.T) {
	root := t.TempDir()
	config, other, readOnly := filepath.Join(root, "config"), filepath.Join(root, "other"), filepath.Join(root, "readonly")
	for _, dir := range []string{filepath.Join(config, ".kube"), other, readOnly} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(config, ".kube", "config"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(readOnly, 0o500); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(root, "missing")
	driveOf := func(path string) (string, string) { return path[:1], path[1:] }
	for _, test := range []struct{ name, home, drive, profile, want string }{
		{"nothing set", "", "", "", ""},
		{"kubeconfig in HOME", config, other, other, config},
		{"kubeconfig in HOMEDRIVE and HOMEPATH wins over USERPROFILE", other, config, other, config},
		{"kubeconfig in USERPROFILE", other, other, config, config},
		{"writable, HOME first", other, other, other, other},
		{"writable, USERPROFILE before HOMEDRIVE", missing, readOnly, other, other},
		{"writable wins over one that exists", readOnly, missing, other, other},
		{"exists", missing, readOnly, missing, readOnly},
		{"only set", "", "", missing, missing},
		{"only set, HOME first", missing + "1", missing + "2", missing + "3", missing + "1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"HOME": test.home, "USERPROFILE": test.profile}
			if test.drive != "" {
				env["HOMEDRIVE"], env["HOMEPATH"] = driveOf(test.drive)
			}
			if got := windowsHomeDir(func(name string) string { return env[name] }); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
