package canary

import (
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math"
	"os"

	"go.uber.org/goleak"
	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"

	"github.com/kubewright/kubewright/pkg/metrics"
)

// Main is for TestMain. It runs the tests of m, says on standard error where Secret was seen, looks for goroutines that
// leaked, and exits; with code 0 only if all is well. Searched is what Seen is given, what is logged, at any verbosity,
// through klog, slog and log, what is written to os.Stderr, and what metrics are told. The logs are not printed.
//
// A package with metrics of its own calls Register before. Benchmarks run without all of this, as they are about clients whose
// logs and metrics nobody wants.
func Main(m goleak.TestingM) { goleak.VerifyTestMain(searched{m}) }

// searched is the tests of a package, with their output.
type searched struct{ goleak.TestingM }

// Run returns the exit code of the tests, or 1 if Secret was seen, or may have been.
func (s searched) Run() int {
	if benchmarking() {
		return s.TestingM.Run()
	}
	Register(func(*metrics.RegisterOpts) {})
	restore := redirect()
	code := s.TestingM.Run()
	for _, leak := range restore() {
		fmt.Fprintf(os.Stderr, "a secret shows: %s\n", leak)
		code = max(code, 1)
	}
	return code
}

// benchmarking tells whether benchmarks will be run.
func benchmarking() bool {
	flag.Parse()
	bench := flag.Lookup("test.bench")
	return bench != nil && bench.Value.String() != ""
}

// redirect sends to Seen what this process says from now on. The function that it returns puts the loggers and os.Stderr back,
// and returns the lines that show Secret.
func redirect() (restore func() []string) {
	logs, logger, stderr := klog.CaptureState(), slog.Default(), os.Stderr
	output, flags := log.Writer(), log.Flags()

	klog.SetLoggerWithOptions(textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(10), textlogger.Output(Seen))), klog.ContextualLogger(true))
	var everything klog.Level
	must(everything.Set("10"))
	slog.SetDefault(slog.New(slog.NewTextHandler(Seen, &slog.HandlerOptions{Level: slog.Level(math.MinInt)}))) // takes log with it
	// A file, and not a pipe, because a child of a test may keep it open.
	file, err := os.CreateTemp("", "stderr")
	must(err)
	os.Stderr = file

	return func() []string {
		os.Stderr = stderr
		_, err := file.Seek(0, io.SeekStart)
		must(err)
		_, err = io.Copy(io.MultiWriter(Seen, stderr), file)
		must(err)
		must(file.Close())
		must(os.Remove(file.Name()))

		// Was it redirected to the end?
		klog.Background().V(10).Info(lastOf("klog"))
		slog.Debug(lastOf("slog"))
		log.Print(lastOf("log"))
		lines := Seen.(*searcher).end("klog", "slog", "log")

		slog.SetDefault(logger)
		log.SetOutput(output)
		log.SetFlags(flags)
		logs.Restore()
		return lines
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
