// Command ratio runs the benchmarks of package bench and prints what Kubewright, and a program without any client, cost in
// units of what client-go costs.
//
//	go run ./cmd/ratio [flags]        in test/bench
//
// Each benchmark runs in a process of its own, the stacks in turn, -count times; the table has the medians. A ratio below 1
// says that the stack needs less than client-go, and, of what is counted per second, that it does less. -bench chooses benchmarks as `go test -bench` does; -benchstat writes a file per stack that
// benchstat compares:
//
//	go run ./cmd/ratio -count 10 -benchstat /tmp/out && benchstat /tmp/out/client-go.txt /tmp/out/kubewright.txt
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kubewright/kubewright/test/bench/internal/report"
	"github.com/kubewright/kubewright/test/bench/size"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ratio:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("ratio", flag.ExitOnError)
	pattern := flags.String("bench", ".", "run the benchmarks that match this `pattern` (of go test -bench)")
	count := flags.Int("count", 5, "run each benchmark this many `times` per stack")
	benchtime := flags.String("benchtime", "300ms", "`time` of a run (of go test -benchtime)")
	benchstat := flags.String("benchstat", "", "write the runs to <stack>.txt in this `directory`, for benchstat")
	withSize := flags.Bool("size", true, "build and compare the programs in size/, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected arguments: %v", flags.Args())
	}
	if *count < 1 {
		return fmt.Errorf("-count is %d, want at least 1", *count)
	}
	dir, err := os.MkdirTemp("", "ratio-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	modules, err := report.Versions(ctx, "github.com/kubewright/kubewright", "k8s.io/client-go", "k8s.io/apimachinery", "k8s.io/api")
	if err != nil {
		return err
	}
	b, err := compile(ctx, filepath.Join(dir, "bench.test"), *benchtime)
	if err != nil {
		return err
	}
	benchmarks, err := b.list(ctx, *pattern)
	if err != nil {
		return err
	}
	results, err := b.interleave(ctx, benchmarks, *count)
	if err != nil {
		return err
	}
	if *benchstat != "" {
		if err := writeBenchstat(*benchstat, b.header, results); err != nil {
			return err
		}
	}
	report.Header(out, b.header, modules)
	fmt.Fprintf(out, "medians of %d interleaved runs of %s, stack / client-go\n\n", *count, *benchtime)
	if err := printTables(out, benchmarks, results); err != nil {
		return err
	}
	if !*withSize {
		return nil
	}
	sizes, err := size.Measure(ctx, dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nprogram with one group's typed client: %v\n", sizes)
	return err
}
