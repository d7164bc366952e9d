package generators

import (
	"strings"
	"testing"
	"time"
)

// TestBothSidesGenerate runs one round on a small project.
func TestBothSidesGenerate(t *testing.T) {
	input, err := Project("single", "../../codegen/testdata/src/single")
	if err != nil {
		t.Fatal(err)
	}
	results, err := Measure(t.Context(), t.TempDir(), []Input{input}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []string{Kubewright, CodeGenerator} {
		for _, state := range []string{Cold, Unchanged} {
			runs := only(results, "single", state, side)
			if len(runs) != 1 {
				t.Fatalf("%s has %d runs that are %s, want 1", side, len(runs), state)
			}
			if r := runs[0]; r.Files < 20 || r.Wall <= 0 || r.CPU <= 0 || r.Peak < 1<<20 {
				t.Errorf("%s, %s: %d files, %+v: a number is missing or too small", side, state, r.Files, r.Usage)
			}
		}
	}
}

func TestUsageOfOneAfterTheOther(t *testing.T) {
	got := Usage{Wall: 2, CPU: 3, Peak: 5}.then(Usage{Wall: 10, CPU: 20, Peak: 4})
	if want := (Usage{Wall: 12, CPU: 23, Peak: 5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTableHasTheRatiosOfMedians(t *testing.T) {
	var results []Result
	for _, seconds := range []time.Duration{1, 9, 2} {
		ours := Usage{Wall: seconds * time.Second, CPU: time.Second, Peak: 50e6}
		theirs := Usage{Wall: 10 * seconds * time.Second, CPU: 4 * time.Second, Peak: 100e6}
		results = append(results,
			Result{Input: "project", State: Cold, Side: CodeGenerator, Usage: theirs, Files: 8},
			Result{Input: "project", State: Cold, Side: Kubewright, Usage: ours, Files: 7},
		)
	}
	var out strings.Builder
	if err := Print(&out, results); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	want := "input state files wall s ratio CPU s ratio peak MB ratio project cold 7 / 8 2 / 20 0.100 1 / 4 0.250 50 / 100 0.500"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTableNeedsBothSides(t *testing.T) {
	if err := Print(&strings.Builder{}, []Result{{Input: "project", State: Cold, Side: Kubewright}}); err == nil {
		t.Error("there is a table of one side")
	}
}
