package apiservertest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"sigs.k8s.io/yaml"
)

// FuzzProgram sends the requests of a text to a new server, one after the other. In the text a line "METHOD path" begins a request, lines "@Name: value"
// are headers, and what follows is the body, in YAML. "~" is the namespace default of the core group. The methods JSONPATCH, MERGE,
// STRATEGIC and APPLY are PATCH with that language.
//
// The scenarios of the differential test are the seeds.
func FuzzProgram(f *testing.F) {
	for _, scenario := range scenarios(f) {
		f.Add(scenario)
	}
	for _, program := range programs {
		f.Add(program)
	}
	f.Fuzz(func(t *testing.T, program string) {
		inBubble(t, func(t *testing.T, p *probe) {
			for _, r := range parseProgram(program) {
				p.send(t, r.method, r.target, r.body, r.headers...)
				synctest.Wait() // so that the next one finds what follows from this one
			}
		})
	})
}

// programs are seeds, and what once went wrong.
var programs = []string{
	"POST ~/configmaps\n{metadata: {name: a}}\nDELETE /api/v1/namespaces/default\nPOST ~/configmaps\n{metadata: {name: b}}\nGET ~/configmaps?watch=1&resourceVersion=1&timeoutSeconds=1",
	"POST ~/pods\n{metadata: {name: a, finalizers: [a.b/c]}, spec: {containers: [{name: c, image: i}]}}\nDELETE ~/pods/a\nMERGE ~/pods/a\n{metadata: {finalizers: null}}\nGET ~/pods/a",
	"APPLY ~/configmaps/a?fieldManager=x\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}\nAPPLY ~/configmaps/a?fieldManager=y\n{apiVersion: v9, kind: ConfigMap, metadata: {name: a}, data: {k: w}}",
}

// scenarios returns those of the differential test, as programs; none if it is not there.
func scenarios(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("../../test/differential/testdata/*.http")
	if err != nil {
		tb.Fatal(err)
	}
	var programs []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		programs = append(programs, strings.Split(string(text), "\n=== ")...)
	}
	return programs
}

// step is a request of a program.
type step struct {
	method, target string
	headers        []string
	body           []byte
}

var patches = map[string]string{
	"JSONPATCH": "application/json-patch+json",
	"MERGE":     "application/merge-patch+json",
	"STRATEGIC": "application/strategic-merge-patch+json",
	"APPLY":     "application/apply-patch+yaml",
}

// parseProgram never fails: what is not understood is left out, or sent as it is. 30 requests are enough.
func parseProgram(text string) []step {
	var steps []step
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		method, target, ok := strings.Cut(line, " ")
		if rest, isHome := strings.CutPrefix(target, "~"); isHome {
			target = "/api/v1/namespaces/default" + rest
		}
		switch {
		case ok && strings.ToUpper(method) == method && strings.HasPrefix(target, "/") && len(steps) < 30:
			s := step{method: method, target: target, headers: []string{"Content-Type: application/yaml"}}
			if patch, ok := patches[method]; ok {
				s.method, s.headers = "PATCH", []string{"Content-Type: " + patch}
			}
			steps = append(steps, s)
		case len(steps) == 0:
		case strings.HasPrefix(line, "@"):
			if strings.Contains(line, ":") {
				last := &steps[len(steps)-1]
				last.headers = append(last.headers, line[1:])
			}
		default:
			last := &steps[len(steps)-1]
			last.body = append(append(last.body, line...), '\n')
		}
	}
	for i, s := range steps {
		if s.method != "PATCH" || strings.Contains(s.headers[0], "yaml") {
			continue
		}
		if body, err := yaml.YAMLToJSON(s.body); err == nil {
			steps[i].body = body
		}
	}
	return steps
}
