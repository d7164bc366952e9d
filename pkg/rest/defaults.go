package rest

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// SetKubernetesDefaults fills in what a client of a Kubernetes API needs: the user agent.
func SetKubernetesDefaults(config *Config) error {
	if config.UserAgent == "" {
		config.UserAgent = DefaultKubernetesUserAgent()
	}
	return nil
}

// DefaultKubernetesUserAgent names the program and its version, the platform and Kubewright's version, such as
// "demo/v1.2.0 (linux/amd64) kubewright/v0.1.0".
func DefaultKubernetesUserAgent() string {
	program, version, sdk := "unknown", "unknown", "unknown"
	if len(os.Args) > 0 && os.Args[0] != "" {
		program = filepath.Base(os.Args[0])
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		version = orUnknown(info.Main.Version)
		sdk = sdkVersion(info)
	}
	return printable(program) + "/" + version + " (" + runtime.GOOS + "/" + runtime.GOARCH + ") kubewright/" + sdk
}

func sdkVersion(info *debug.BuildInfo) string {
	const module = "github.com/kubewright/kubewright"
	if info.Main.Path == module {
		return orUnknown(info.Main.Version)
	}
	for _, dep := range info.Deps {
		if dep.Path == module {
			return orUnknown(dep.Version)
		}
	}
	return "unknown"
}

func orUnknown(version string) string {
	version = strings.Trim(version, "()") // "(devel)" would be a comment in a header
	if version == "" {
		return "unknown"
	}
	return version
}

// printable replaces what does not belong into a product name of a User-Agent header (RFC 9110).
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r) {
			return '_'
		}
		return r
	}, s)
}
