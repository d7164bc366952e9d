package apiserver

import "context"

// TB is what StartForTest needs of *testing.T, *testing.B and *testing.F. It keeps the
// package testing, and its flags, out of programs that use this package.
type TB interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Failed() bool
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// StartForTest starts a cluster that stops when the test and its subtests are done,
// passed or not, after the cleanups that were registered later. It fails the test when
// the cluster does not start or does not stop.
func StartForTest(t TB, opts Options) *Cluster {
	t.Helper()
	// The test's context ends before its cleanups run; those may need the server.
	c, err := Start(context.WithoutCancel(t.Context()), opts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		if t.Failed() && !c.opts.KeepDir {
			t.Logf("to keep the logs of the API server, run the test with %s=1", KeepDirEnv)
		}
		if err := c.Stop(); err != nil {
			t.Errorf("%v", err)
		}
	})
	return c
}
