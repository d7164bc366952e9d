package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	r, ok := parse("BenchmarkGet/pod/json/canned/client-go-2 \t 10000\t 33268 ns/op\t 25190.5 cpu-ns/op\t 106 allocs/op")
	if !ok {
		t.Fatal("not taken for a result")
	}
	if r.name != "BenchmarkGet/pod/json/canned" || r.stack != clientGo {
		t.Errorf("got name %q and stack %q", r.name, r.stack)
	}
	want := map[string]float64{"ns/op": 33268, "cpu-ns/op": 25190.5, "allocs/op": 106}
	if diff := cmp.Diff(want, r.metrics); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ns/op", "cpu-ns/op", "allocs/op"}, r.units); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
}

func TestParseWithOneCPU(t *testing.T) {
	r, ok := parse("BenchmarkGet/kubewright 1 5 ns/op")
	if !ok || r.name != "BenchmarkGet" || r.stack != "kubewright" {
		t.Errorf("got %+v, %v", r, ok)
	}
}

func TestParseIgnoresOtherLines(t *testing.T) {
	for _, line := range []string{"", "PASS", "goos: linux", "BenchmarkGet", "BenchmarkGet/a/b 1 x ns/op", "BenchmarkGet-2 1 5 ns/op", "ok  \tpackage\t0.7s"} {
		if r, ok := parse(line); ok {
			t.Errorf("%q is taken for %+v", line, r)
		}
	}
}

var runs = []result{
	{name: "BenchmarkA/x", stack: "kubewright", line: "BenchmarkA/x/kubewright-2 1 1000 ns/op", metrics: map[string]float64{"ns/op": 1000}},
	{name: "BenchmarkA/x", stack: clientGo, units: []string{"ns/op"}, line: "BenchmarkA/x/client-go-2 1 4000 ns/op", metrics: map[string]float64{"ns/op": 4000}},
	{name: "BenchmarkA/x", stack: clientGo, line: "BenchmarkA/x/client-go-2 1 6000 ns/op", metrics: map[string]float64{"ns/op": 6000}},
	{name: "BenchmarkA/x", stack: "bare", line: "BenchmarkA/x/bare-2 1 500 ns/op", metrics: map[string]float64{"ns/op": 500}},
}

func TestTableHasTheRatiosOfMediansToClientGo(t *testing.T) {
	var out strings.Builder
	if err := printTables(&out, []benchmark{{"BenchmarkA/x", []string{"kubewright", clientGo, "bare"}}}, runs); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"A/x kubewright 1.0 / 5.0 0.20", "A/x bare 0.5 / 5.0 0.10"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
	if strings.Contains(got, "A/x client-go") {
		t.Errorf("client-go is compared with itself:\n%s", &out)
	}
}

func TestBenchmarksWithOtherUnitsHaveATableOfTheirOwn(t *testing.T) {
	own := []result{
		{name: "BenchmarkB", stack: "kubewright", metrics: map[string]float64{"allocs/op": 3, "events/s": 30_000, "peak-MB": 2.5}},
		{name: "BenchmarkB", stack: clientGo, units: []string{"events/s", "peak-MB", "allocs/op"}, metrics: map[string]float64{"allocs/op": 6, "events/s": 3000, "peak-MB": 10}},
	}
	var out strings.Builder
	benchmarks := []benchmark{{"BenchmarkA/x", []string{"kubewright", clientGo}}, {"BenchmarkB", []string{"kubewright", clientGo}}}
	if err := printTables(&out, benchmarks, append(own, runs...)); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	want := "benchmark stack wall µs ratio A/x kubewright 1.0 / 5.0 0.20 " +
		"benchmark stack allocs ratio events/s ratio peak-MB ratio B kubewright 3 / 6 0.50 30000 / 3000 10.00 2.50 / 10.0 0.25"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestBenchstatFilesHaveTheSameNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := writeBenchstat(dir, []string{"goos: linux"}, runs); err != nil {
		t.Fatal(err)
	}
	for stack, want := range map[string]string{
		"kubewright": "goos: linux\nBenchmarkA/x-2 1 1000 ns/op\n",
		clientGo:     "goos: linux\nBenchmarkA/x-2 1 4000 ns/op\nBenchmarkA/x-2 1 6000 ns/op\n",
		"bare":       "goos: linux\nBenchmarkA/x-2 1 500 ns/op\n",
	} {
		got, err := os.ReadFile(filepath.Join(dir, stack+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", stack, diff)
		}
	}
}
