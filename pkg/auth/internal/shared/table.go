// Package shared lets users that ask for the same thing have the same one, for as long as one of them uses it.
package shared

import (
	"crypto/sha256"
	"encoding/json"
	"runtime"
	"sync"
	"weak"
)

// Key is a hash, because what it is made from may hold secrets.
type Key [sha256.Size]byte

// KeyOf returns the key of a value that can be written as JSON.
func KeyOf(v any) (Key, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return Key{}, err
	}
	return sha256.Sum256(content), nil
}

// Table finds values by key. It does not keep them alive. The zero Table is empty and ready to use.
type Table[V any] struct {
	mu      sync.Mutex // guards entries
	entries map[Key]weak.Pointer[V]
}

// Get returns the value that is in use under key or, if there is none, what create returns, which must not call Get.
func (t *Table[V]) Get(key Key, create func() (*V, error)) (*V, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if v := t.entries[key].Value(); v != nil {
		return v, nil
	}
	v, err := create()
	if err != nil {
		return nil, err
	}
	if t.entries == nil {
		t.entries = map[Key]weak.Pointer[V]{}
	}
	t.entries[key] = weak.Make(v)
	runtime.AddCleanup(v, t.collect, key)
	return v, nil
}

// collect removes the entry of a value that is gone, unless there is a new one already.
func (t *Table[V]) collect(key Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.entries[key].Value() == nil {
		delete(t.entries, key)
	}
}
