// Package cache remembers that a run has left everything as it should be, so that the next one with the same input has
// nothing to do.
//
// An entry is a file below the user's cache directory. Its name is a hash of all that decides about a run but files: the
// tool, its settings, the directory, the environment. Its content is a snapshot of the files: those that the run has read
// and those that it has made. An entry that cannot be read is no entry. Entries are replaced in one step, so that any
// number of processes may use the cache at once.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
)

// Cache is a directory with entries.
type Cache struct {
	dir string
}

// keep is for how long an entry is kept without being renewed.
const keep = 30 * 24 * time.Hour

// Open returns the cache of the user. The directory is made when the first entry is.
func Open() (*Cache, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return &Cache{dir: filepath.Join(dir, "kubewright", "unchanged")}, nil
}

// entry is the content of a file of the cache.
type entry struct {
	Places   snapshot.Places    `json:"places"`
	Snapshot *snapshot.Snapshot `json:"snapshot"`
}

// Key makes a key of everything that decides about a run but the files.
func Key(parts ...any) (string, error) {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(parts); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// Unchanged reports whether all files are as they were when the entry was stored. Whatever is wrong with the entry or the
// files, the answer is no. Files that look different, and are not, are no work for the next one who asks.
func (c *Cache) Unchanged(key string) bool {
	content, err := os.ReadFile(c.name(key))
	if err != nil {
		return false
	}
	var e entry
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil || e.Snapshot == nil || len(e.Snapshot.Files) == 0 {
		return false
	}
	now, err := snapshot.Take(e.Places)
	if err != nil {
		return false
	}
	same, read := e.Snapshot.Same(now)
	if same && read {
		_ = c.write(key, entry{Places: e.Places, Snapshot: now}) // without it, they are read again
	}
	return same
}

// Store remembers the state of the files after a run that started at the given time and has written some of them. If
// another one was modified in the meantime, nothing is stored: the run may have read what was there before.
func (c *Cache) Store(key string, places snapshot.Places, started time.Time, written []string) error {
	now, err := snapshot.Take(places)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, name := range written {
		own[name] = true
	}
	for name, file := range now.Files {
		if file.Modified.After(started) && !own[name] {
			return nil
		}
	}
	if err := now.Sum(); err != nil {
		return err
	}
	c.trim(now.Taken)
	return c.write(key, entry{Places: places, Snapshot: now})
}

// write replaces an entry.
func (c *Cache) write(key string, e entry) error {
	content, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(content)
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), c.name(key))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

func (c *Cache) name(key string) string { return filepath.Join(c.dir, key+".json") }

// trim removes what was stored long ago. What cannot be removed stays.
func (c *Cache) trim(now time.Time) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > keep {
			_ = os.Remove(filepath.Join(c.dir, entry.Name()))
		}
	}
}
