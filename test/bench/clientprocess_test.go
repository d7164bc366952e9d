package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
)

// clientVariable makes this test binary do a clientTask instead, which it has as JSON.
const clientVariable = "KUBEWRIGHT_BENCH_CLIENT"

// profileVariable is a directory in which client processes leave CPU and allocation profiles of what they do.
const profileVariable = "KUBEWRIGHT_BENCH_PROFILE"

// runClient does a task in a process of its own.
func runClient(ctx context.Context, t clientTask) (clientReport, error) {
	if err := t.prepareServer(ctx); err != nil {
		return clientReport{}, err
	}
	task, err := json.Marshal(t)
	if err != nil {
		return clientReport{}, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), clientVariable+"="+string(task))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return clientReport{}, fmt.Errorf("client process of %s: %w\n%s", t.Stack, err, &stderr)
	}
	var report clientReport
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		return clientReport{}, fmt.Errorf("report of the client process of %s: %w", t.Stack, err)
	}
	return report, nil
}

// prepareServer makes the server encode the objects, so that no client waits for that.
func (t clientTask) prepareServer(ctx context.Context) error {
	population, err := t.population()
	if err != nil {
		return err
	}
	transport, err := bareTransport(t.Server.CA)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/%s/%s/%d/api/v1/%s?limit=1", t.Server.URL, inPages, population.name, t.Count, population.resource), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", t.MediaType)
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("object server: %s", resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// serveTask is the client process: it does the task and writes its report to out.
func serveTask(ctx context.Context, task string, out io.Writer) error {
	var t clientTask
	if err := json.Unmarshal([]byte(task), &t); err != nil {
		return err
	}
	informer, err := t.connect()
	if err != nil {
		return err
	}
	report, err := t.profiled(func() (clientReport, error) { return t.run(ctx, informer) })
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(report)
}

// profiled does something and leaves profiles of it if that is wanted.
func (t clientTask) profiled(do func() (clientReport, error)) (clientReport, error) {
	dir := os.Getenv(profileVariable)
	if dir == "" {
		return do()
	}
	name := filepath.Join(dir, strings.Join([]string{t.Mode + t.Of, filepath.Base(t.MediaType), t.Stack}, "-"))
	cpu, err := os.Create(name + ".cpu")
	if err != nil {
		return clientReport{}, err
	}
	defer cpu.Close()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return clientReport{}, err
	}
	report, err := do()
	pprof.StopCPUProfile()
	if err != nil {
		return clientReport{}, err
	}
	allocs, err := os.Create(name + ".allocs")
	if err != nil {
		return clientReport{}, err
	}
	defer allocs.Close()
	return report, pprof.Lookup("allocs").WriteTo(allocs, 0)
}
