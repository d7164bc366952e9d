// Package version tells what code a program was built from.
//
// The Go toolchain records that in the binary. A build that knows better, such as one from a source archive, sets the
// variables of this package with the linker:
//
//	go build -ldflags "-X github.com/kubewright/kubewright/pkg/version.gitVersion=v1.2.3 -X ...gitCommit=..."
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	apimachineryversion "k8s.io/apimachinery/pkg/version"
)

// What the linker may set; empty means what the toolchain recorded.
var (
	gitMajor     string
	gitMinor     string
	gitVersion   string
	gitCommit    string
	gitTreeState string // "clean" or "dirty"
	buildDate    string // RFC 3339
)

// Get returns the version, commit and build date of the program, as far as they are known: GitVersion is "unknown" if
// nothing is. Major and Minor are derived from the version if they are not set.
func Get() apimachineryversion.Info {
	build, _ := debug.ReadBuildInfo()
	return get(build)
}

// get is Get for what the toolchain recorded, which may be nothing.
func get(build *debug.BuildInfo) apimachineryversion.Info {
	info := apimachineryversion.Info{
		GitVersion: "unknown",
		GoVersion:  runtime.Version(),
		Compiler:   runtime.Compiler,
		Platform:   fmt.Sprintf("%s/%s", runtime.GOOS, runtime.GOARCH),
	}
	if build != nil {
		if v := build.Main.Version; v != "" && v != "(devel)" {
			info.GitVersion = v
		}
		for _, s := range build.Settings {
			switch s.Key {
			case "vcs.revision":
				info.GitCommit = s.Value
			case "vcs.time":
				info.BuildDate = s.Value // of the commit: the time of the build is not recorded
			case "vcs.modified":
				info.GitTreeState = "clean"
				if s.Value == "true" {
					info.GitTreeState = "dirty"
				}
			}
		}
	}
	for field, value := range map[*string]string{
		&info.GitVersion: gitVersion, &info.GitCommit: gitCommit, &info.GitTreeState: gitTreeState, &info.BuildDate: buildDate,
	} {
		if value != "" {
			*field = value
		}
	}
	info.Major, info.Minor = gitMajor, gitMinor
	if parts := strings.SplitN(strings.TrimPrefix(info.GitVersion, "v"), ".", 3); len(parts) == 3 {
		if info.Major == "" {
			info.Major = parts[0]
		}
		if info.Minor == "" {
			info.Minor = parts[1]
		}
	}
	return info
}
