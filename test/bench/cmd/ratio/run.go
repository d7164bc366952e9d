package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// clientGo is the stack that the others are compared with.
const clientGo = "client-go"

// benchmark is one that runs on client-go and on other stacks.
type benchmark struct {
	name   string // without the stack
	stacks []string
}

// binary is the test binary of package bench.
type binary struct {
	file      string
	benchtime string
	header    []string // what it says of the machine
}

// result is one run of one benchmark on one stack.
type result struct {
	name, stack string             // of the benchmark, without the stack, and of that
	line        string             // as the benchmark printed it
	metrics     map[string]float64 // by unit
	units       []string           // of metrics, as printed
}

func compile(ctx context.Context, file, benchtime string) (*binary, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", file, "github.com/kubewright/kubewright/test/bench")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v: %w\n%s", cmd, err, out)
	}
	return &binary{file: file, benchtime: benchtime}, nil
}

// start runs the benchmarks that match a pattern and returns what they print.
func (b *binary) start(ctx context.Context, pattern, benchtime string) (string, error) {
	cmd := exec.CommandContext(ctx, b.file, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+benchtime)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%v: %w\n%s%s", cmd, err, &stdout, &stderr)
	}
	return stdout.String(), nil
}

// list returns the benchmarks that match a pattern and can be compared, in their order.
func (b *binary) list(ctx context.Context, pattern string) ([]benchmark, error) {
	out, err := b.start(ctx, pattern, "1x")
	if err != nil {
		return nil, err
	}
	var all []benchmark
	b.header = nil
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		for _, key := range []string{"goos:", "goarch:", "cpu:"} {
			if strings.HasPrefix(line, key) {
				b.header = append(b.header, line)
			}
		}
		r, ok := parse(line)
		if !ok {
			continue
		}
		if n := len(all); n > 0 && all[n-1].name == r.name { // the stacks of a benchmark run one after the other
			all[n-1].stacks = append(all[n-1].stacks, r.stack)
		} else {
			all = append(all, benchmark{r.name, []string{r.stack}})
		}
	}
	all = slices.DeleteFunc(all, func(m benchmark) bool { return len(m.stacks) < 2 || !slices.Contains(m.stacks, clientGo) })
	if len(all) == 0 {
		return nil, fmt.Errorf("no benchmark of client-go and another stack matches %q", pattern)
	}
	return all, nil
}

// interleave runs each benchmark count times on each stack, in rounds, so that what else goes on in the machine hits all
// alike. In which direction it goes through the stacks changes from round to round.
func (b *binary) interleave(ctx context.Context, benchmarks []benchmark, count int) ([]result, error) {
	var results []result
	for round := range count {
		for _, m := range benchmarks {
			stacks := slices.Clone(m.stacks)
			if round%2 == 1 {
				slices.Reverse(stacks)
			}
			for _, stack := range stacks {
				r, err := b.one(ctx, m.name, stack)
				if err != nil {
					return nil, err
				}
				results = append(results, r)
			}
		}
	}
	return results, nil
}

func (b *binary) one(ctx context.Context, name, stack string) (result, error) {
	elements := strings.Split(name+"/"+stack, "/")
	pattern := "^" + strings.Join(elements, "$/^") + "$"
	out, err := b.start(ctx, pattern, b.benchtime)
	if err != nil {
		return result{}, err
	}
	for line := range strings.Lines(out) {
		if r, ok := parse(strings.TrimSpace(line)); ok {
			return r, nil
		}
	}
	return result{}, fmt.Errorf("%s printed no result of %s:\n%s", b.file, pattern, out)
}
