package apiserver

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// KeepDirEnv is the environment variable that, when not empty, keeps the
// directory of every cluster as [Options.KeepDir] does.
const KeepDirEnv = "KUBEWRIGHT_APISERVER_KEEP"

// Options configures a [Cluster]. The zero value is one kube-apiserver as its
// release configures it.
type Options struct {
	// Servers is the number of kube-apiservers on the one etcd. Zero means one.
	Servers int

	// FeatureGates are switched on (true) or off (false) in each kube-apiserver.
	FeatureGates map[string]bool

	// Flags are added to the command line of each kube-apiserver, each in the form
	// "--name=value". A flag given here wins over the launcher's own.
	Flags []string

	// StartTimeout bounds the time from the start of one process until it is ready,
	// at the start of the cluster and at each [Server.Start]. Zero means two minutes.
	// It does not bound the build.
	StartTimeout time.Duration

	// Progress receives what the user waits for: the build of the binaries, and
	// where a kept directory is. Nil means os.Stderr.
	Progress io.Writer

	// Logs receives the logs of all processes, beside the files in the cluster's
	// directory. Nil means files only. Writes are serialized.
	Logs io.Writer

	// KeepDir keeps the cluster's directory, with the logs and etcd's data, when the
	// cluster stops. It holds private keys.
	KeepDir bool
}

// validate refuses what no cluster can be made of.
func (o Options) validate() error {
	if o.Servers < 0 {
		return fmt.Errorf("apiserver: Options.Servers is %d: give the number of kube-apiservers, or 0 for one", o.Servers)
	}
	for _, flag := range o.Flags {
		if !strings.HasPrefix(flag, "--") {
			return fmt.Errorf("apiserver: flag %q in Options.Flags does not start with \"--\": write it as --name=value", flag)
		}
	}
	return nil
}

// withDefaults returns o with its zero values replaced by what they stand for.
func (o Options) withDefaults() Options {
	o.Servers = cmp.Or(o.Servers, 1)
	o.StartTimeout = cmp.Or(o.StartTimeout, 2*time.Minute)
	if o.Progress == nil {
		o.Progress = os.Stderr
	}
	if o.Logs != nil {
		o.Logs = &lockedWriter{w: o.Logs}
	}
	o.KeepDir = o.KeepDir || os.Getenv(KeepDirEnv) != ""
	return o
}

// serverFlags returns what the options add to a kube-apiserver's command line.
func (o Options) serverFlags() []string {
	var flags []string
	for _, name := range slices.Sorted(maps.Keys(o.FeatureGates)) {
		flags = append(flags, fmt.Sprintf("--feature-gates=%s=%t", name, o.FeatureGates[name]))
	}
	return append(flags, o.Flags...)
}
