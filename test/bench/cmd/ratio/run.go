package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

const (
	kubewright = "kubewright"
	clientGo   = "client-go"
)

// binary is the test binary of package bench.
type binary struct {
	file      string
	benchtime string
	header    []string // what it says of the machine
}

// result is one run of one benchmark on one stack.
type result struct {
	pair, stack string
	line        string             // as the benchmark printed it
	metrics     map[string]float64 // by unit
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

// list returns the benchmarks that match a pattern and run on both stacks, without the stack, in their order.
func (b *binary) list(ctx context.Context, pattern string) ([]string, error) {
	out, err := b.start(ctx, pattern, "1x")
	if err != nil {
		return nil, err
	}
	stacks := map[string][]string{}
	var pairs []string
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
		if len(stacks[r.pair]) == 0 {
			pairs = append(pairs, r.pair)
		}
		stacks[r.pair] = append(stacks[r.pair], r.stack)
	}
	pairs = slices.DeleteFunc(pairs, func(pair string) bool { return len(stacks[pair]) < 2 })
	if len(pairs) == 0 {
		return nil, fmt.Errorf("no benchmark of both stacks matches %q", pattern)
	}
	return pairs, nil
}

// interleave runs each pair count times, in rounds, so that what else goes on in the machine hits all alike. Which stack
// goes first changes from round to round.
func (b *binary) interleave(ctx context.Context, pairs []string, count int) ([]result, error) {
	var results []result
	stacks := []string{kubewright, clientGo}
	for range count {
		for _, pair := range pairs {
			for _, stack := range stacks {
				r, err := b.one(ctx, pair, stack)
				if err != nil {
					return nil, err
				}
				results = append(results, r)
			}
		}
		slices.Reverse(stacks)
	}
	return results, nil
}

func (b *binary) one(ctx context.Context, pair, stack string) (result, error) {
	elements := strings.Split(pair+"/"+stack, "/")
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
