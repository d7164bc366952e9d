package bench

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// serverVariable makes this test binary the server of the loopback benchmarks instead.
const serverVariable = "KUBEWRIGHT_BENCH_SERVER"

func TestMain(m *testing.M) {
	var role func() error
	if task := os.Getenv(clientVariable); task != "" {
		role = func() error { return serveTask(context.Background(), task, os.Stdout) }
	} else if os.Getenv(serverVariable) != "" {
		role = func() error { return serve(os.Stdin, os.Stdout) }
	}
	if role != nil {
		if err := role(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if err := stopServer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
