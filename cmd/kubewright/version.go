package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func versionCommand(stdout io.Writer) *cli.Command {
	return &cli.Command{
		Name:  "kubewright version",
		Does:  "prints the version of this program and the Go version that built it.",
		Flags: newFlags(),
		Run: func(_ context.Context, args []string) error {
			if len(args) > 0 {
				return codegen.UsageErrorf("unexpected argument %q", args[0])
			}
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return errors.New("this program was built without the information of which version it is (build it with the go command)")
			}
			_, err := fmt.Fprintf(stdout, "kubewright %s %s\n", versionOf(info), info.GoVersion)
			return err
		},
	}
}

// versionOf returns the version of the module in a build: that of a release, or what the version control system says.
func versionOf(info *debug.BuildInfo) string {
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	version := "(devel)"
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			version += " " + setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			version += " modified"
		}
	}
	return version
}
