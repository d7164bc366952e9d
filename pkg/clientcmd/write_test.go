package clientcmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func mode(t testing.TB, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func oneUser(token string) api.Config {
	c := api.NewConfig()
	c.AuthInfos["u"] = &api.AuthInfo{Token: token}
	return *c
}

func TestWriteThenLoadIsTheSame(t *testing.T) {
	want, err := Load([]byte(completeKubeconfig + `
preferences: {colors: true, extensions: [{name: p, extension: {c: 3}}]}
extensions: [{name: e, extension: {apiVersion: v1, kind: Tool, b: [2]}}, {name: nothing, extension: null}]
`))
	if err != nil {
		t.Fatal(err)
	}
	want.AuthInfos["exec"] = &api.AuthInfo{Exec: &api.ExecConfig{Command: "aws", Args: []string{"a"}, Env: []api.ExecEnvVar{{Name: "N", Value: "v"}},
		APIVersion: "client.authentication.k8s.io/v1", InstallHint: "hint", ProvideClusterInfo: true, InteractiveMode: api.NeverExecInteractiveMode},
		AuthProvider: &api.AuthProviderConfig{Name: "oidc", Config: map[string]string{"k": "v"}}}
	data, err := Write(*want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Write(*got)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(data), string(again)); d != "" {
		t.Errorf("(-first +second):\n%s", d)
	}
	for _, part := range []string{"kind: Config", "colors: true", "kind: Tool", "installHint: hint", "interactiveMode: Never", "as-user-extra", "certificate-authority-data: Y2E="} {
		if !strings.Contains(string(data), part) {
			t.Errorf("%q is not in\n%s", part, data)
		}
	}
}

func TestWrittenFileIsForItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	fresh := filepath.Join(dir, "deep", "er", "config")
	if err := WriteToFile(oneUser(canary.Secret), fresh); err != nil {
		t.Fatal(err)
	}
	wide := write(t, dir, "wide", "old")
	if err := os.Chmod(wide, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteToFile(oneUser(canary.Secret), wide); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fresh, wide} {
		if got := mode(t, path); got != 0o600 {
			t.Errorf("%s has mode %v", path, got)
		}
		if !strings.Contains(read(t, path), "token: "+canary.Secret) {
			t.Errorf("%s has\n%s", path, read(t, path))
		}
	}
	if got := mode(t, filepath.Join(dir, "deep")); got != 0o700 {
		t.Errorf("the directory has mode %v", got)
	}
}

func TestSymbolicLinksStay(t *testing.T) {
	dir := t.TempDir()
	target := write(t, dir, "target", "old")
	link, dangling, loop := filepath.Join(dir, "link"), filepath.Join(dir, "dangling"), filepath.Join(dir, "loop")
	for name, to := range map[string]string{link: "link2", filepath.Join(dir, "link2"): target, dangling: "made", loop: "loop"} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{link, dangling} {
		if err := WriteToFile(oneUser(canary.Secret), name); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", name, info, err)
		}
		if !strings.Contains(read(t, name), "token: "+canary.Secret) {
			t.Errorf("%s has\n%s", name, read(t, name))
		}
	}
	if err := WriteToFile(oneUser(canary.Secret), loop); err == nil || !strings.Contains(canary.Err(t, err).Error(), `unable to write kubeconfig "`+loop+`": more than 40 symbolic links`) {
		t.Errorf("error %v", err)
	}
}

func TestFailedWriteKeepsTheOldFileAndLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config") // which is a directory, so that the last step fails
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := WriteToFile(oneUser(canary.Secret), path); err == nil || !strings.Contains(canary.Err(t, err).Error(), "which stays as it was") {
		t.Errorf("error %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
