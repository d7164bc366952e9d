package cache

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
)

// rig is a cache and a directory with one file.
type rig struct {
	*Cache
	file   string
	places snapshot.Places
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "src", "a.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("package a"), 0o644); err != nil {
		t.Fatal(err)
	}
	return &rig{&Cache{dir: filepath.Join(dir, "cache")}, file, snapshot.Places{Dirs: []string{filepath.Dir(file)}}}
}

func (r *rig) store(t *testing.T, started time.Time, written ...string) {
	t.Helper()
	if err := r.Store("key", r.places, started, written); err != nil {
		t.Fatal(err)
	}
}

func TestUnchangedAfterStore(t *testing.T) {
	r := newRig(t)
	if r.Unchanged("key") {
		t.Error("unchanged without an entry")
	}
	r.store(t, time.Now())
	if !r.Unchanged("key") {
		t.Error("changed after Store")
	}
	if r.Unchanged("other") {
		t.Error("unchanged for another key")
	}
	if err := os.WriteFile(r.file, []byte("package b"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r.Unchanged("key") {
		t.Error("unchanged after a change")
	}
}

func TestEntriesAreRenewedWhenContentsHadToBeRead(t *testing.T) {
	r := newRig(t)
	r.store(t, time.Now())
	stored := r.read(t)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(r.file, old, old); err != nil {
		t.Fatal(err)
	}
	if !r.Unchanged("key") {
		t.Error("changed, though only the time is another")
	}
	renewed := r.read(t)
	if renewed == stored {
		t.Error("not renewed")
	}
	if !r.Unchanged("key") {
		t.Error("changed after it was renewed")
	}
	if r.read(t) != renewed {
		t.Error("renewed without need")
	}
}

func (r *rig) read(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(r.name("key"))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFilesThatChangeDuringARunAreNotTrusted(t *testing.T) {
	r := newRig(t)
	before := time.Now().Add(-time.Hour)
	r.store(t, before)
	if r.Unchanged("key") {
		t.Error("stored, though a file was modified after the run began")
	}
	r.store(t, before, r.file)
	if !r.Unchanged("key") {
		t.Error("not stored, though the run itself has written the file")
	}
}

func TestBrokenEntriesAreIgnored(t *testing.T) {
	r := newRig(t)
	r.store(t, time.Now())
	for name, content := range map[string]string{
		"empty":            "",
		"cut short":        `{"places":{"Dirs":["/`,
		"something else":   `[]`,
		"without snapshot": `{"places":{}}`,
		"of no files":      `{"places":{},"snapshot":{"taken":"2020-01-01T00:00:00Z","files":{}}}`,
		"another version":  `{"places":{},"snapshot":{"taken":"2020-01-01T00:00:00Z","files":{},"more":1}}`,
	} {
		if err := os.WriteFile(r.name("key"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if r.Unchanged("key") {
			t.Errorf("an entry that is %s says unchanged", name)
		}
	}
	r.store(t, time.Now())
	if !r.Unchanged("key") {
		t.Error("a broken entry is not replaced")
	}
}

func TestOldEntriesAreRemoved(t *testing.T) {
	r := newRig(t)
	r.store(t, time.Now())
	old := time.Now().Add(-keep - time.Hour)
	if err := os.Chtimes(r.name("key"), old, old); err != nil {
		t.Fatal(err)
	}
	if err := r.Store("other", r.places, time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.name("key")); err == nil {
		t.Error("an old entry is still there")
	}
}

func TestManyAtOnce(t *testing.T) {
	r := newRig(t)
	started := time.Now()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if err := r.Store("key", r.places, started, nil); err != nil {
					t.Error(err)
				}
				if !r.Unchanged("key") {
					t.Error("an entry that is being replaced cannot be read")
				}
			}
		})
	}
	all.Wait()
	entries, err := os.ReadDir(r.dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files in the cache, error %v", len(entries), err)
	}
}

func TestKey(t *testing.T) {
	keys := map[string]bool{}
	for _, parts := range [][]any{{"a", "b"}, {"ab"}, {"a", []string{"b"}}, {"a", map[string]int{"b": 1}}, {}} {
		key, err := Key(parts...)
		if err != nil {
			t.Fatal(err)
		}
		keys[key] = true
	}
	if len(keys) != 5 {
		t.Errorf("%d keys for 5 inputs", len(keys))
	}
}
