// Package snapshot remembers the state of files, to tell later whether any of them has changed.
//
// Sizes and times of modification decide in most cases. Where they differ, or where a file is so young that a later
// change could have the same time, contents decide: a checkout that gives all files new times changes nothing.
package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kubewright/kubewright/cmd/internal/codegen/parallel"
)

// Places are what a snapshot looks at.
type Places struct {
	// Files are single files, of any kind. That a file is not there is part of the state.
	Files []string
	// Dirs are directories whose Go files are looked at, and Trees directories with those below them, as far as the
	// pattern "..." of the go command goes. Tests are left out.
	Dirs, Trees []string
}

// File is the state of a file.
type File struct {
	// Size is -1 for a file that is not there.
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// Sum is the SHA-256 of the content, in hexadecimal. It is empty until [Snapshot.Sum] was called.
	Sum string `json:"sum,omitempty"`
}

// same reports whether a file looks the same from outside.
func (f File) same(other File) bool { return f.Size == other.Size && f.Modified.Equal(other.Modified) }

// Snapshot is the state of all files at some places.
type Snapshot struct {
	// Taken is when.
	Taken time.Time `json:"taken"`
	// Files are by name.
	Files map[string]File `json:"files"`
}

// Take looks at all files.
func Take(places Places) (*Snapshot, error) {
	s := &Snapshot{Taken: time.Now(), Files: map[string]File{}}
	names := slices.Clone(places.Files)
	for _, list := range []struct {
		dirs []string
		deep bool
	}{{places.Dirs, false}, {places.Trees, true}} {
		for _, dir := range list.dirs {
			var err error
			if names, err = appendDir(names, dir, list.deep); err != nil {
				return nil, err
			}
		}
	}
	files, errs := make([]File, len(names)), make([]error, len(names))
	parallel.Do(len(names), func(i int) { files[i], errs[i] = look(names[i]) })
	for i, name := range names {
		s.Files[name] = files[i]
	}
	return s, errors.Join(errs...)
}

// look looks at one file. It follows links, as the go command does.
func look(name string) (File, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return File{Size: -1}, nil
	}
	if err != nil {
		return File{}, err
	}
	return File{Size: info.Size(), Modified: info.ModTime()}, nil
}

// appendDir appends the names of the Go files of a directory, which may be missing.
func appendDir(names []string, dir string, deep bool) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := filepath.Join(dir, entry.Name())
		switch {
		case entry.IsDir():
			if !deep || isIgnored(name, entry.Name()) {
				continue
			}
			if names, err = appendDir(names, name, true); err != nil {
				return nil, err
			}
		case filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go"):
			names = append(names, name)
		}
	}
	return names, nil
}

// isIgnored reports whether "..." leaves out a directory.
func isIgnored(name, base string) bool {
	if base == "vendor" || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

// Sum reads all files that have no sum yet.
func (s *Snapshot) Sum() error {
	var names []string
	for name, file := range s.Files {
		if file.Sum == "" && file.Size >= 0 {
			names = append(names, name)
		}
	}
	sums, errs := make([]string, len(names)), make([]error, len(names))
	parallel.Do(len(names), func(i int) { sums[i], errs[i] = sumOf(names[i]) })
	for i, name := range names {
		file := s.Files[name]
		file.Sum = sums[i]
		s.Files[name] = file
	}
	return errors.Join(errs...)
}

func sumOf(name string) (string, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// coarsest is the coarsest clock of file systems that are in use: two changes within that time may look like one.
const coarsest = 2 * time.Second

// Same reports whether now, taken at the same places, shows the same contents as s, whose sums are known. If so, now has the
// sums, too; and read says that contents had to be read to know it, which whoever compares with now from then on is spared.
func (s *Snapshot) Same(now *Snapshot) (same, read bool) {
	if len(s.Files) != len(now.Files) {
		return false, false
	}
	for name, file := range s.Files {
		other, ok := now.Files[name]
		switch {
		case !ok, file.Size != other.Size:
			return false, read
		case file.Size < 0:
		case file.same(other) && s.Taken.Sub(file.Modified) > coarsest:
			now.Files[name] = file
		default:
			read = true
		}
	}
	if read && now.Sum() != nil {
		return false, true
	}
	for name, file := range s.Files {
		if now.Files[name].Sum != file.Sum {
			return false, read
		}
	}
	return true, read
}

// Differences returns the names of the files that look different in the two snapshots, in no order. It reads no contents.
func (s *Snapshot) Differences(now *Snapshot) []string {
	var names []string
	for name, file := range s.Files {
		if other, ok := now.Files[name]; !ok || !file.same(other) {
			names = append(names, name)
		}
	}
	for name := range now.Files {
		if _, ok := s.Files[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}
