package snapshot

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// old is a time of modification from which nothing can be concluded about later changes.
var old = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// save writes a file that is modified at the given time.
func save(t *testing.T, name, content string, modified time.Time) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, modified, modified); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, places Places) *Snapshot {
	t.Helper()
	s, err := Take(places)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"go.mod", "tree/a.go", "tree/b/c.go", "tree/a_test.go", "tree/text", "tree/vendor/v.go", "tree/testdata/t.go",
		"tree/_x/x.go", "tree/.y/y.go", "tree/nested/go.mod", "tree/nested/n.go", "flat/d.go", "flat/below/e.go",
	} {
		save(t, filepath.Join(dir, name), name, old)
	}
	s := take(t, Places{
		Files: []string{filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum")},
		Dirs:  []string{filepath.Join(dir, "flat"), filepath.Join(dir, "missing")},
		Trees: []string{filepath.Join(dir, "tree"), filepath.Join(dir, "missing")},
	})
	var got []string
	for name := range s.Files {
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rel)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"flat/d.go", "go.mod", "go.sum", "tree/a.go", "tree/b/c.go"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if s.Files[filepath.Join(dir, "go.sum")].Size != -1 {
		t.Error("a missing file is not missing in the snapshot")
	}
}

func TestSame(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, dir string)
		same   bool
	}{
		"nothing":                   {func(*testing.T, string) {}, true},
		"time only":                 {func(t *testing.T, dir string) { save(t, dir+"/a.go", "package a", time.Now()) }, true},
		"content":                   {func(t *testing.T, dir string) { save(t, dir+"/a.go", "package b", time.Now()) }, false},
		"length at the same time":   {func(t *testing.T, dir string) { save(t, dir+"/a.go", "package abc", old) }, false},
		"a young file in its time":  {func(t *testing.T, dir string) { rewrite(t, dir+"/young.go", "package y2") }, false},
		"a file that was not there": {func(t *testing.T, dir string) { save(t, dir+"/go.work", "go 1.26", old) }, false},
		"a new file":                {func(t *testing.T, dir string) { save(t, dir+"/deep/er/n.go", "package n", old) }, false},
		"a file that is gone": {func(t *testing.T, dir string) {
			if err := os.Remove(dir + "/a.go"); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			save(t, dir+"/a.go", "package a", old)
			save(t, dir+"/young.go", "package y1", time.Now())
			places := Places{Files: []string{dir + "/go.work"}, Trees: []string{dir}}
			before := take(t, places)
			if err := before.Sum(); err != nil {
				t.Fatal(err)
			}
			test.change(t, dir)
			if got, _ := before.Same(take(t, places)); got != test.same {
				t.Errorf("same %v, want %v", got, test.same)
			}
		})
	}
}

func TestContentsAreReadOnce(t *testing.T) {
	dir := t.TempDir()
	save(t, dir+"/a.go", "package a", old)
	places := Places{Files: []string{dir + "/go.work"}, Trees: []string{dir}}
	first := take(t, places)
	if err := first.Sum(); err != nil {
		t.Fatal(err)
	}
	if same, read := first.Same(take(t, places)); !same || read {
		t.Errorf("same %v, read %v for files that look as they did", same, read)
	}
	save(t, dir+"/a.go", "package a", old.Add(time.Hour))
	second := take(t, places)
	if same, read := first.Same(second); !same || !read {
		t.Errorf("same %v, read %v for a file of another time", same, read)
	}
	if same, read := second.Same(take(t, places)); !same || read {
		t.Errorf("same %v, read %v after the file was read", same, read)
	}
}

// rewrite changes a file and keeps its time of modification.
func rewrite(t *testing.T, name, content string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	save(t, name, content, info.ModTime())
}

func TestDifferences(t *testing.T) {
	dir := t.TempDir()
	save(t, dir+"/a.go", "package a", old)
	save(t, dir+"/b.go", "package a", old)
	save(t, dir+"/c.go", "package a", old)
	before := take(t, Places{Trees: []string{dir}})
	if err := os.Remove(dir + "/a.go"); err != nil {
		t.Fatal(err)
	}
	save(t, dir+"/b.go", "package a", old.Add(time.Second))
	save(t, dir+"/d.go", "package a", old)
	got := before.Differences(take(t, Places{Trees: []string{dir}}))
	slices.Sort(got)
	if diff := cmp.Diff([]string{dir + "/a.go", dir + "/b.go", dir + "/d.go"}, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}
