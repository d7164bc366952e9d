// Command dump-resources writes the table of the resources that kube-apiserver has, which
// pkg/apiservertest embeds. Run it after a change of the server's version in
// ../../components/go.mod:
//
//	go run -C test/apiserver ./cmd/dump-resources
//
// It asks two servers: one as its release configures it, and one with every version and
// every feature that the release knows. What the first has is served by default, and as
// the first has it; the second adds the rest.
//
//	discovery of the server as released ─┐
//	                                     ├─▶ merge ─▶ one line of JSON per resource
//	discovery of the server with all ────┘
//
// The output depends on the server's version alone. With -o - it goes to standard output.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/kubewright/kubewright/test/apiserver"
)

func main() {
	output := flag.String("o", "../../pkg/apiservertest/internal/catalog/resources.jsonl", "the `file` to write; - is standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *output)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "dump-resources: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, output string) error {
	released, err := discover(ctx, apiserver.Options{})
	if err != nil {
		return err
	}
	all, err := discover(ctx, apiserver.Options{
		FeatureGates: map[string]bool{"AllAlpha": true, "AllBeta": true},
		Flags:        []string{"--runtime-config=api/all=true"},
	})
	if err != nil {
		return err
	}
	rows, err := merge(released, all)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := write(&text, rows); err != nil {
		return err
	}
	if output == "-" {
		_, err := os.Stdout.Write(text.Bytes())
		return err
	}
	return os.WriteFile(output, text.Bytes(), 0o644)
}

// discover starts a server and asks it what it has.
func discover(ctx context.Context, opts apiserver.Options) (groups []group, err error) {
	cluster, err := apiserver.Start(ctx, opts)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	client, err := cluster.HTTPClient(cluster.Admin())
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	return fetch(ctx, client, cluster.Server(0).URL())
}
