package apiserver

import (
	"context"
	"fmt"
	"io"
	"os"
)

// launcherEnv makes the test binary a program that starts a cluster and waits.
const launcherEnv = "KUBEWRIGHT_TEST_LAUNCHER"

func runLauncher() int {
	c, err := Start(context.Background(), Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(hostPort(c.etcd.port), hostPort(c.Server(0).port))
	switch os.Getenv(launcherEnv) {
	case "panic":
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test has connected
		panic("as a failing test binary does")
	default:
		select {}
	}
}
