package version

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
	apimachineryversion "k8s.io/apimachinery/pkg/version"
)

func platform(info apimachineryversion.Info) apimachineryversion.Info {
	info.GoVersion, info.Compiler, info.Platform = runtime.Version(), runtime.Compiler, runtime.GOOS+"/"+runtime.GOARCH
	return info
}

func recorded(version string) *debug.BuildInfo {
	return &debug.BuildInfo{
		Main:     debug.Module{Version: version},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"}},
	}
}

func TestVersionIsWhatTheToolchainRecorded(t *testing.T) {
	for version, want := range map[string]apimachineryversion.Info{
		"v1.2.3":  {GitVersion: "v1.2.3", Major: "1", Minor: "2"},
		"(devel)": {GitVersion: "unknown"},
		"":        {GitVersion: "unknown"},
	} {
		want.GitCommit, want.BuildDate, want.GitTreeState = "abc", "2026-01-02T03:04:05Z", "dirty"
		if d := cmp.Diff(platform(want), get(recorded(version))); d != "" {
			t.Errorf("version %q (-want +got):\n%s", version, d)
		}
	}
	if d := cmp.Diff(platform(apimachineryversion.Info{GitVersion: "unknown"}), get(nil)); d != "" {
		t.Errorf("nothing recorded (-want +got):\n%s", d)
	}
}

func TestLinkerWins(t *testing.T) {
	for _, v := range []struct {
		variable *string
		value    string
	}{{&gitVersion, "v7.8.9"}, {&gitCommit, "def"}, {&gitTreeState, "clean"}, {&buildDate, "now"}, {&gitMajor, "70"}, {&gitMinor, "80"}} {
		*v.variable = v.value
		t.Cleanup(func() { *v.variable = "" })
	}
	want := platform(apimachineryversion.Info{GitVersion: "v7.8.9", GitCommit: "def", GitTreeState: "clean", BuildDate: "now", Major: "70", Minor: "80"})
	if d := cmp.Diff(want, get(recorded("v1.2.3"))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestGetOfThisProgram(t *testing.T) {
	if info := Get(); info.GitVersion == "" || info.GoVersion == "" {
		t.Errorf("version %+v", info)
	}
}
