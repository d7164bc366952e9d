package apiserver

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// fakeGo puts a go command on PATH, and nothing else, that answers "go env GOVERSION"
// and does script for "go build"; $out is the file to make. It also makes the cache
// directory an empty one. The returned function counts the builds.
func fakeGo(t *testing.T, script string) (builds func() int) {
	t.Helper()
	bin, cache := t.TempDir(), t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", cache) // os.UserCacheDir on Linux
	t.Setenv("HOME", cache)           // and on macOS
	log := filepath.Join(bin, "builds")
	program := `#!/bin/sh
if [ "$1" = env ]; then echo go9.99; exit 0; fi
echo x >> ` + log + `
while [ "$1" != -o ]; do shift; done
out=$2
` + script
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	return func() int {
		text, err := os.ReadFile(log)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return strings.Count(string(text), "x")
	}
}

func TestBinariesAreBuiltOnce(t *testing.T) {
	builds := fakeGo(t, `echo binary > "$out"`)
	var progress strings.Builder
	paths, err := ensureBinaries(t.Context(), &progress, components()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{etcdServer, kubeAPIServer} {
		if text, err := os.ReadFile(paths[name]); string(text) != "binary\n" {
			t.Errorf("%s is %q: %v", name, text, err)
		}
	}
	for _, want := range []string{"building etcd v3.", "building kube-apiserver v1.", "about 3 minutes", "built kube-apiserver v1."} {
		if !strings.Contains(progress.String(), want) {
			t.Errorf("the progress does not say %q:\n%s", want, progress.String())
		}
	}
	progress.Reset()
	if _, err := ensureBinaries(t.Context(), &progress, components()...); err != nil {
		t.Fatal(err)
	}
	if builds() != 2 || progress.Len() > 0 {
		t.Errorf("after two calls there were %d builds, want 2; the second said %q", builds(), progress.String())
	}
}

func TestKubectlIsBuiltWhenAskedFor(t *testing.T) {
	builds := fakeGo(t, `echo binary > "$out"`)
	if _, err := ensureBinaries(t.Context(), io.Discard, components()...); err != nil || builds() != 2 {
		t.Errorf("a cluster needs %d builds: %v", builds(), err)
	}
	path, err := Kubectl(t.Context(), nil)
	if err != nil || builds() != 3 {
		t.Errorf("after kubectl there were %d builds: %v", builds(), err)
	}
	if text, err := os.ReadFile(path); string(text) != "binary\n" {
		t.Errorf("%s is %q: %v", path, text, err)
	}
}

func TestOneOfTwoCallersBuilds(t *testing.T) {
	builds := fakeGo(t, `echo binary > "$out"`)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := ensureBinaries(t.Context(), io.Discard, components()...); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if builds() != 2 {
		t.Errorf("there were %d builds of 2 components", builds())
	}
}

func TestLockIsAwaitedWithAMessage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lockFile(t.Context(), path, func() { t.Error("a free lock was awaited") })
	if err != nil {
		t.Fatal(err)
	}
	again, err := lockFile(t.Context(), path, unlock) // released when the wait is reported
	if err != nil {
		t.Fatal(err)
	}
	defer again()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := lockFile(ctx, path, cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context was canceled", err)
	}
}

func TestFailedBuildSaysWhy(t *testing.T) {
	fakeGo(t, `echo "x.go:1:2: undefined: y" >&2; exit 3`)
	_, err := ensureBinaries(t.Context(), io.Discard, components()...)
	if err == nil {
		t.Fatal("a failing build succeeded")
	}
	for _, want := range []string{"build etcd v3.", "exit status 3", "x.go:1:2: undefined: y"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	builds := fakeGo(t, `echo binary > "$out"`)
	if _, err := ensureBinaries(t.Context(), io.Discard, components()...); err != nil || builds() != 2 {
		t.Errorf("the next call gives %v after %d builds", err, builds())
	}
}

func TestEndOfContextEndsTheBuild(t *testing.T) {
	// The shell's own builtins only: PATH is fake. It waits for the interrupt.
	builds := fakeGo(t, `trap 'exit 1' INT; while :; do :; done`)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for builds() == 0 && t.Context().Err() == nil {
			runtime.Gosched()
		}
		cancel()
	}()
	_, err := ensureBinaries(ctx, io.Discard, components()...)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context was canceled", err)
	}
}

func TestMissingGoIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := ensureBinaries(t.Context(), io.Discard, components()...)
	if err == nil || !strings.Contains(err.Error(), "the go command builds etcd and kube-apiserver, but is not on PATH") {
		t.Errorf("got %v", err)
	}
}
