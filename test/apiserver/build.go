package apiserver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The names of the components.
const (
	etcdServer    = "etcd"
	kubeAPIServer = "kube-apiserver"
)

// component is a program that is built from a module that components/go.mod requires.
// For one more, add its package to the tool lines there, and a line to components here.
type component struct {
	name     string
	module   string // whose version is the component's
	pkg      string // the main package
	duration string // of a build with an empty build cache, on two cores
}

// components returns the programs that a cluster is made of.
func components() []component {
	return []component{
		{etcdServer, "go.etcd.io/etcd/server/v3", "go.etcd.io/etcd/server/v3", "20 seconds"},
		{kubeAPIServer, "k8s.io/kubernetes", "k8s.io/kubernetes/cmd/kube-apiserver", "3 minutes"},
	}
}

// kubectl is built when a test asks for it.
var kubectl = component{"kubectl", "k8s.io/kubernetes", "k8s.io/kubernetes/cmd/kubectl", "a minute"}

// Kubectl returns the path of a kubectl of the servers' version. It is built if need be, and stays in the cache. progress
// gets a line now and then while it is; nil means that nobody wants to know.
func Kubectl(ctx context.Context, progress io.Writer) (string, error) {
	if progress == nil {
		progress = io.Discard
	}
	paths, err := ensureBinaries(ctx, progress, kubectl)
	if err != nil {
		return "", fmt.Errorf("apiserver: %w", err)
	}
	return paths[kubectl.name], nil
}

// build is the production of components from one state of their sources.
type build struct {
	wanted   []component
	source   string // the directory components/
	goTool   string // the go command
	goMod    string // the text of source/go.mod
	output   string // where the binaries are put
	progress io.Writer
}

// ensureBinaries returns the paths of the wanted components' binaries by name. Those that
// the cache lacks are built, by one process at a time.
func ensureBinaries(ctx context.Context, progress io.Writer, wanted ...component) (map[string]string, error) {
	b, err := newBuild(ctx, progress, wanted)
	if err != nil {
		return nil, err
	}
	if b.complete() {
		return b.binaries(), nil
	}
	if err := os.MkdirAll(b.output, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lockFile(ctx, filepath.Join(b.output, "lock"), func() {
		fmt.Fprintf(progress, "apiserver: waiting for another process that builds into %s\n", b.output)
	})
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, c := range b.wanted {
		if _, err := os.Stat(b.path(c)); err == nil {
			continue // another process built it
		}
		if err := b.build(ctx, c); err != nil {
			return nil, err
		}
	}
	return b.binaries(), nil
}

// newBuild finds the sources and the tool. The directory of the binaries is named by
// all that decides what they are: the versions and checksums of every module, the go
// command, the platform, and the build's command lines.
func newBuild(ctx context.Context, progress io.Writer, wanted []component) (*build, error) {
	b := &build{wanted: wanted, progress: progress}
	var err error
	if b.goTool, err = exec.LookPath("go"); err != nil {
		return nil, fmt.Errorf("the go command builds etcd and kube-apiserver, but is not on PATH: %w", err)
	}
	if b.source, err = componentsDir(ctx, b.goTool); err != nil {
		return nil, err
	}
	goMod, err := os.ReadFile(filepath.Join(b.source, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("read the list of the components' modules: %w", err)
	}
	b.goMod = string(goMod)
	goSum, err := os.ReadFile(filepath.Join(b.source, "go.sum"))
	if err != nil {
		return nil, fmt.Errorf("read the checksums of the components' modules: %w", err)
	}
	version, err := b.command(ctx, "env", "GOVERSION").Output()
	if err != nil {
		return nil, fmt.Errorf("ask %s for its version: %w", b.goTool, describe(err))
	}
	key := sha256.New()
	fmt.Fprintf(key, "%q %q %q %s/%s", goMod, goSum, version, runtime.GOOS, runtime.GOARCH)
	for _, c := range append(components(), kubectl) {
		fmt.Fprintf(key, " %q", b.arguments(c, c.name))
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("find a cache directory: %w", err)
	}
	b.output = filepath.Join(cache, "kubewright", "apiserver", hex.EncodeToString(key.Sum(nil)[:8]))
	return b, nil
}

// componentsDir finds the nested module components/, which is no dependency of this one
// and so unknown to the go command. Its place beside this file is compiled in, unless
// the program was built with -trimpath; then the go command is asked for this module,
// which answers in any directory of a module that requires it.
func componentsDir(ctx context.Context, goTool string) (string, error) {
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		dir := filepath.Join(filepath.Dir(file), "components")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	const module = "github.com/kubewright/kubewright/test/apiserver"
	out, err := exec.CommandContext(ctx, goTool, "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find the sources of the components: they are beside the module %s, of which go list says: %w",
			module, describe(err))
	}
	return filepath.Join(strings.TrimSpace(string(out)), "components"), nil
}

func (b *build) path(c component) string { return filepath.Join(b.output, c.name) }

func (b *build) binaries() map[string]string {
	paths := make(map[string]string)
	for _, c := range b.wanted {
		paths[c.name] = b.path(c)
	}
	return paths
}

// complete reports whether all binaries are there. They come by rename, so one that is
// there is whole.
func (b *build) complete() bool {
	for _, c := range b.wanted {
		if _, err := os.Stat(b.path(c)); err != nil {
			return false
		}
	}
	return true
}

// version returns the version of a component, which its go.mod line says.
func (b *build) version(c component) string {
	for line := range strings.Lines(b.goMod) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == c.module && strings.HasPrefix(fields[1], "v") {
			return fields[1]
		}
	}
	return "(unknown version)"
}

// build makes one component, and tells the user so all the while.
func (b *build) build(ctx context.Context, c component) error {
	title := c.name + " " + b.version(c)
	fmt.Fprintf(b.progress, "apiserver: building %s (once per version, about %s on two cores)...\n", title, c.duration)
	begin := time.Now()
	temp, err := os.MkdirTemp(b.output, "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	binary := filepath.Join(temp, c.name)
	var output bytes.Buffer
	command := b.command(ctx, b.arguments(c, binary)...)
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		return fmt.Errorf("build %s: %w", title, err)
	}
	stopTicks := b.tick(title, begin)
	err = command.Wait()
	stopTicks()
	if ctx.Err() != nil {
		return fmt.Errorf("build %s: %w", title, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("build %s: go build in %s: %w; the last lines of its output:\n%s",
			title, b.source, err, lastLines(output.String(), 20))
	}
	if err := os.Rename(binary, b.path(c)); err != nil {
		return fmt.Errorf("build %s: %w", title, err)
	}
	fmt.Fprintf(b.progress, "apiserver: built %s in %s\n", title, elapsed(begin))
	return nil
}

// tick reports every 15 seconds that the build goes on, until the returned function is
// called.
func (b *build) tick(title string, begin time.Time) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(15 * time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				fmt.Fprintf(b.progress, "apiserver: still building %s, %s\n", title, elapsed(begin))
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

func elapsed(begin time.Time) time.Duration { return time.Since(begin).Round(time.Second) }

// arguments is the go command line that builds c.
func (b *build) arguments(c component, output string) []string {
	flags := "-s -w"
	if version := b.version(c); c.module == "k8s.io/kubernetes" {
		// Kubernetes' release builds set these; /version and feature gates report them.
		major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
		minor, _, _ := strings.Cut(rest, ".")
		for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
			flags += fmt.Sprintf(" -X %[1]s.gitVersion=%s -X %[1]s.gitMajor=%s -X %[1]s.gitMinor=%s", pkg, version, major, minor)
		}
	}
	return []string{"build", "-trimpath", "-ldflags", flags, "-o", output, c.pkg}
}

// command is a go command in the components' module. The user's settings that would
// change the module graph or the binary do not reach it.
func (b *build) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, b.goTool, args...)
	command.Dir = b.source
	command.Env = append(command.Environ(),
		"GOFLAGS=-mod=readonly -buildvcs=false", "GOWORK=off",
		"CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	return command
}

// describe adds to the error of a command what it wrote to its standard error.
func describe(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	return err
}
