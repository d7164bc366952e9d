// Package differential tests that the API server in the process, pkg/apiservertest, answers as the real kube-apiserver does.
//
//	testdata/*.http ─▶ scenarios ─▶ play ─▶ normalise ─▶ exchanges
//	                                 │                       │
//	            ours, or a kube-apiserver                    ├─▶ compare ─▶ fields that differ, less table_test.go
//	                                                         │
//	                       testdata/<area>/<scenario>.golden ┘
//
// A scenario is a list of requests in a namespace of its own, written as in an HTTP file:
//
//	=== a name
//	POST ~/configmaps
//	@id a
//	{metadata: {name: a}}
//	GET ~/configmaps?resourceVersion=${a.metadata.resourceVersion}
//	Accept: application/yaml
//
// "~" in a path is the scenario's namespace; ${ns} is its name, ${i} the number of a repetition, and ${id.path} a value of the
// answer to the step with that @id. Bodies are written as YAML and sent as JSON (or protobuf or CBOR) if the Content-Type says
// nothing else. JSONPATCH, MERGE, STRATEGIC and APPLY are PATCH with the content type. "WATCH name path" opens a watch, "EVENTS
// name n" waits for its next n events, "END name" until the server ends it. The words that begin with @ are those of type step.
//
//  1. TestGolden compares our answers with the golden files, which hold what the real server answers.
//  2. TestSameAsRealServer compares a real server with the golden files; go test -run TestSameAsRealServer -update writes them.
//  3. What stays different is in table_test.go with its reason. An entry that no longer shows fails the test.
package differential

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	// Most of the time of those that run at the same time is spent waiting.
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// forEach runs the test of each scenario. Those that declare resources come last and at the same time, since a real server
// takes its time to serve them, and since the others look at all the resources that there are.
func forEach(t *testing.T, scenarios []scenario, test func(*testing.T, scenario)) {
	t.Helper()
	for _, s := range scenarios {
		if s.area != "crd" {
			t.Run(s.area+"/"+s.name, func(t *testing.T) { test(t, s) })
		}
	}
	t.Run("crd", func(t *testing.T) {
		for _, s := range scenarios {
			if s.area == "crd" {
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					test(t, s)
				})
			}
		}
	})
}
