package apiserver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// eventually asks condition, which does a request, until it holds; it fails the test
// after a minute.
func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatal("it did not come true within a minute")
		}
	}
}

func TestVersionIsThatOfTheModule(t *testing.T) {
	goMod, err := os.ReadFile("components/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`(?m)^\s*k8s\.io/kubernetes (v\S+)`).FindSubmatch(goMod)
	if required == nil {
		t.Fatal("components/go.mod does not require k8s.io/kubernetes")
	}
	_, version := call(t, client(t, shared, shared.Admin()), http.MethodGet, shared.Server(0).URL()+"/version", nil)
	if got := field[string](t, version, "gitVersion"); got != string(required[1]) {
		t.Errorf("/version says %s, components/go.mod %s", got, required[1])
	}
}

func TestNamespacesExistAtStart(t *testing.T) {
	t.Parallel()
	c := StartForTest(t, Options{})
	for _, name := range []string{"default", "kube-system"} {
		url := c.Server(0).URL() + "/api/v1/namespaces/" + name
		if code, answer := call(t, client(t, c, c.Admin()), http.MethodGet, url, nil); code != http.StatusOK {
			t.Errorf("namespace %s: %d %v", name, code, answer)
		}
	}
}

func TestStoppedServerStartsOnItsPort(t *testing.T) {
	t.Parallel()
	c := StartForTest(t, Options{})
	s := c.Server(0)
	url := s.URL()
	for name, stop := range map[string]func() error{
		"stop": func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			return s.Stop(ctx)
		},
		"kill": func() error { s.Kill(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			createConfigMap(t, s, name)
			hc := client(t, c, c.Admin())
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			if pid := s.PID(); pid != 0 {
				t.Errorf("PID is %d after the stop", pid)
			}
			if _, err := hc.Get(url + "/readyz"); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("a request to the stopped server gives %v", err)
			}
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s.URL() != url {
				t.Errorf("the URL was %s and is %s", url, s.URL())
			}
			if !hasConfigMap(t, s, name) {
				t.Error("the server lost what was written before it stopped")
			}
			if err := s.Start(t.Context()); err == nil {
				t.Error("a running server was started")
			}
		})
	}
}

func TestGracefulStopEndsAWatch(t *testing.T) {
	t.Parallel()
	c := StartForTest(t, Options{})
	resp, err := client(t, c, c.Admin()).Get(c.Server(0).URL() + "/api/v1/configmaps?watch=1")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	// Without a bound that the watch reaches, the server would wait for it for a minute.
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := c.Server(0).Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Errorf("the watch did not end in order: %v", err)
	}
}

func TestServersShareOneEtcd(t *testing.T) {
	t.Parallel()
	c := StartForTest(t, Options{Servers: 2})
	first, second := c.Server(0), c.Server(1)
	if first.URL() == second.URL() || len(c.Servers()) != 2 {
		t.Fatalf("the servers are %v", c.Servers())
	}
	createConfigMap(t, first, "from-first")
	if !hasConfigMap(t, second, "from-first") {
		t.Error("the second server does not see what the first wrote")
	}
	first.Kill()
	createConfigMap(t, second, "from-second")
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !hasConfigMap(t, first, "from-second") {
		t.Error("the first server does not see what the second wrote while it was down")
	}
}

// watchFrom starts a watch and returns the code of the Status that refuses it, or 0
// when the first event is another.
func watchFrom(t *testing.T, s *Server, resourceVersion string) int {
	t.Helper()
	resp, err := client(t, s.cluster, s.cluster.Admin()).Get(
		s.URL() + "/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=" + resourceVersion)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode
	}
	line, err := bufio.NewReader(resp.Body).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var event struct {
		Type   string
		Object struct{ Code int }
	}
	if err := json.Unmarshal(line, &event); err != nil {
		t.Fatal(err)
	}
	if event.Type != "ERROR" {
		return 0
	}
	return event.Object.Code
}

func TestCompactedHistoryIsGone(t *testing.T) {
	t.Parallel()
	t.Run("after a restart", func(t *testing.T) {
		t.Parallel()
		c := StartForTest(t, Options{})
		s := c.Server(0)
		old := createConfigMap(t, s, "one")
		createConfigMap(t, s, "two")
		createConfigMap(t, s, "three")
		if code := watchFrom(t, s, old); code != 0 {
			t.Fatalf("before the compaction a watch at the old version gets %d", code)
		}
		s.Kill()
		if _, err := c.CompactNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if code := watchFrom(t, s, old); code != http.StatusGone {
			t.Errorf("after the compaction a watch at the old version gets %d, want 410", code)
		}
	})
	t.Run("at once without a watch cache", func(t *testing.T) {
		t.Parallel()
		c := StartForTest(t, Options{Flags: []string{"--watch-cache=false"}})
		s := c.Server(0)
		old := createConfigMap(t, s, "one")
		createConfigMap(t, s, "two")
		latest, err := strconv.ParseInt(createConfigMap(t, s, "three"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if code := watchFrom(t, s, old); code != 0 {
			t.Fatalf("before the compaction a watch at the old version gets %d", code)
		}
		revision, err := c.CompactNow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if revision < latest {
			t.Errorf("compacted at revision %d, before %d", revision, latest)
		}
		if code := watchFrom(t, s, old); code != http.StatusGone {
			t.Errorf("after the compaction a watch at the old version gets %d, want 410", code)
		}
	})
}

func TestFeatureGatesReachTheServer(t *testing.T) {
	t.Parallel()
	gates := map[string]bool{"APIServingWithRoutine": false, "ContextualLogging": false}
	c := StartForTest(t, Options{FeatureGates: gates})
	_, metrics := callRaw(t, client(t, c, c.Admin()), http.MethodGet, c.Server(0).URL()+"/metrics", nil)
	for name := range gates {
		metric := regexp.MustCompile(`(?m)^kubernetes_feature_enabled\{name="` + name + `",.*\} 0$`)
		if !metric.Match(metrics) {
			t.Errorf("the metrics do not say that feature gate %s is off", name)
		}
	}
}

func TestEndOfContextStopsTheCluster(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Start(ctx, Options{Servers: 2})
	if err != nil {
		t.Fatal(err)
	}
	pids := []int{c.etcd.process.cmd.Process.Pid, c.Server(0).PID(), c.Server(1).PID()}
	cancel()
	<-c.Done()
	if err := c.Stop(); err != nil { // waits for the end
		t.Error(err)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d is left: %v", pid, err)
		}
	}
	if _, err := os.Stat(c.Dir()); !os.IsNotExist(err) {
		t.Errorf("directory %s is left: %v", c.Dir(), err)
	}
	if err := c.Server(0).Start(t.Context()); err == nil {
		t.Error("a server of a stopped cluster was started")
	}
}

func TestEndOfContextEndsTheStart(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	logs := &onFirstWrite{do: cancel} // etcd or the server has just begun
	if _, err := Start(ctx, Options{Logs: logs}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context was canceled", err)
	}
	mustBeEmpty(t, os.Getenv("TMPDIR"))
}

// onFirstWrite calls do at the first write.
type onFirstWrite struct{ do func() }

func (w *onFirstWrite) Write(b []byte) (int, error) {
	w.do()
	return len(b), nil
}

func TestFailingServerSaysWhy(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := Start(t.Context(), Options{Flags: []string{"--no-such-flag=1"}})
	if err == nil {
		t.Fatal("a server with an unknown flag started")
	}
	for _, want := range []string{"kube-apiserver-0", "last lines of its log", "unknown flag: --no-such-flag"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	mustBeEmpty(t, os.Getenv("TMPDIR"))
}

func TestServerThatIsNotReadyInTimeSaysWhy(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := Start(t.Context(), Options{StartTimeout: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "etcd: not ready within 1ms") {
		t.Errorf("got %v", err)
	}
	mustBeEmpty(t, os.Getenv("TMPDIR"))
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left in %s: %v %v", dir, entries, err)
	}
}

func TestKeptDirectory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var progress strings.Builder
	c, err := Start(t.Context(), Options{KeepDir: true, Progress: &progress})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Server(0).LogFile()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(progress.String(), c.Dir()) {
		t.Errorf("the user is not told where it is: %q", progress.String())
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	for want, opts := range map[string]Options{
		`Options.Servers is -1`:       {Servers: -1},
		`flag "v=5" in Options.Flags`: {Flags: []string{"v=5"}},
	} {
		if _, err := Start(t.Context(), opts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
