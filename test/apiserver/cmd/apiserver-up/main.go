// Command apiserver-up runs a real Kubernetes API server on this machine: etcd and
// kube-apiserver, built from Go modules on the first run.
//
//	go run ./cmd/apiserver-up [flags]
//	go run ./cmd/apiserver-up [flags] -- command [arguments]
//
// Without a command it prints the path of a kubeconfig and runs until it gets SIGINT
// (Ctrl-C), SIGTERM or SIGHUP. With a command it runs the command with KUBECONFIG in its
// environment, stops the server when the command ends, and exits with the command's
// exit code. A command that a signal ended gives 128 plus the signal's number, as in a
// shell. Errors of its own exit with code 1, wrong flags with 2.
//
// Under "go run -C dir" this program runs in dir; -dir names the directory that the
// command is to run in and that a relative -kubeconfig is relative to:
//
//	go run -C test/apiserver ./cmd/apiserver-up -dir "$PWD" -- go run ./examples/...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/kubewright/kubewright/test/apiserver"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	up, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err != nil {
		os.Exit(2) // the flag package has said what is wrong
	}
	code, err := up.run(context.Background(), signals)
	if err != nil {
		fmt.Fprintf(os.Stderr, "apiserver-up: %v\n", err)
	}
	os.Exit(code)
}

// up is what the command line asks for.
type up struct {
	opts       apiserver.Options
	kubeconfig string   // where to write a kubeconfig; empty: only where the cluster keeps its own
	dir        string   // of the command; empty: the current one
	command    []string // empty: none
}

func parse(args []string, output io.Writer) (*up, error) {
	up := &up{opts: apiserver.Options{FeatureGates: map[string]bool{}}}
	flags := flag.NewFlagSet("apiserver-up", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.Usage = func() {
		fmt.Fprint(output, "usage: apiserver-up [flags] [-- command [arguments]]\n"+
			"Runs a real Kubernetes API server; with a command, for as long as the command runs.\n\n")
		flags.PrintDefaults()
	}
	flags.StringVar(&up.kubeconfig, "kubeconfig", "", "write the kubeconfig to this `file`; it is removed at the end")
	flags.StringVar(&up.dir, "dir", "", "run the command in this `directory` (default: the current one)")
	flags.IntVar(&up.opts.Servers, "servers", 1, "`number` of kube-apiservers on the one etcd; the kubeconfig names the first")
	flags.BoolVar(&up.opts.KeepDir, "keep", false, "keep the directory with logs, keys and data at the end")
	verbose := flags.Bool("v", false, "copy the logs of the processes to standard error")
	flags.Func("feature-gates", "feature gates of kube-apiserver, as `Name=true,Other=false`", func(value string) error {
		gates, err := parseGates(value)
		maps.Copy(up.opts.FeatureGates, gates)
		return err
	})
	flags.Func("apiserver-flag", "a `flag` of kube-apiserver, as --name=value; may be given several times", func(value string) error {
		if !strings.HasPrefix(value, "--") {
			return errors.New("write it as --name=value")
		}
		up.opts.Flags = append(up.opts.Flags, value)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if *verbose {
		up.opts.Logs = os.Stderr
	}
	up.command = flags.Args()
	if up.kubeconfig != "" && !filepath.IsAbs(up.kubeconfig) {
		up.kubeconfig = filepath.Join(up.dir, up.kubeconfig)
	}
	return up, nil
}

// parseGates reads "Name=true,Other=false".
func parseGates(value string) (map[string]bool, error) {
	gates := make(map[string]bool)
	for gate := range strings.SplitSeq(value, ",") {
		name, text, found := strings.Cut(gate, "=")
		on, err := strconv.ParseBool(text)
		if !found || name == "" || err != nil {
			return nil, fmt.Errorf("%q is not of the form Name=true or Name=false", gate)
		}
		gates[name] = on
	}
	return gates, nil
}

// run starts the server, runs the command or waits for a signal, and stops the server.
// The code is the exit code of the program.
func (u *up) run(ctx context.Context, signals <-chan os.Signal) (code int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cluster, err := u.start(ctx, cancel, signals)
	if err != nil {
		return 1, err
	}
	defer func() {
		if stopErr := cluster.Stop(); stopErr != nil {
			code, err = max(code, 1), errors.Join(err, stopErr)
		}
	}()
	kubeconfig := cluster.Kubeconfig()
	if u.kubeconfig != "" {
		kubeconfig = u.kubeconfig
		if err := cluster.Server(0).WriteKubeconfig(kubeconfig); err != nil {
			return 1, err
		}
		defer os.Remove(kubeconfig)
	}
	if len(u.command) > 0 {
		return runCommand(u.command, u.dir, kubeconfig, signals)
	}
	fmt.Fprintf(os.Stderr, "kube-apiserver runs at %s; stop it with Ctrl-C. Its kubeconfig:\n", cluster.Server(0).URL())
	fmt.Println(kubeconfig)
	<-signals
	return 0, nil
}

// start starts the cluster, which lives as long as ctx; a signal cancels ctx.
func (u *up) start(ctx context.Context, cancel context.CancelCauseFunc, signals <-chan os.Signal) (*apiserver.Cluster, error) {
	type result struct {
		cluster *apiserver.Cluster
		err     error
	}
	started := make(chan result, 1)
	go func() {
		cluster, err := apiserver.Start(ctx, u.opts)
		started <- result{cluster, err}
	}()
	select {
	case r := <-started:
		return r.cluster, r.err
	case s := <-signals:
		cancel(fmt.Errorf("stopped by signal: %v", s))
		r := <-started
		if r.err == nil { // it was ready just then
			return nil, errors.Join(context.Cause(ctx), r.cluster.Stop())
		}
		return nil, r.err
	}
}
