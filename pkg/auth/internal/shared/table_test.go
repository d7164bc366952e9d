package shared

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestWhatIsInUseIsShared(t *testing.T) {
	var table Table[string]
	create := func() (*string, error) { return new(string), nil }
	first, err := table.Get(Key{1}, create)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := table.Get(Key{1}, create); err != nil || again != first {
		t.Errorf("another value for the same key (%v)", err)
	}
	if other, err := table.Get(Key{2}, create); err != nil || other == first {
		t.Errorf("the same value for another key (%v)", err)
	}
	broken := errors.New("broken")
	if _, err := table.Get(Key{3}, func() (*string, error) { return nil, broken }); !errors.Is(canary.Err(t, err), broken) {
		t.Errorf("got %v", err)
	}
}

func TestWhatNobodyUsesIsCollected(t *testing.T) {
	var table Table[string]
	create := func() (*string, error) { return new(string), nil }
	used, err := table.Get(Key{0}, create)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := table.Get(Key{1, byte(i)}, create); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int {
		table.mu.Lock()
		defer table.mu.Unlock()
		return len(table.entries)
	}
	for deadline := time.Now().Add(30 * time.Second); size() != 1; runtime.Gosched() {
		runtime.GC()
		if time.Now().After(deadline) {
			t.Fatalf("%d entries, want the one in use", size())
		}
	}
	if again, err := table.Get(Key{0}, create); err != nil || again != used {
		t.Errorf("the one in use is gone (%v)", err)
	}
}

func TestKeysDoNotShowWhatTheyAreMadeFrom(t *testing.T) {
	one, err := KeyOf(map[string]string{"a": "secret"})
	if err != nil {
		t.Fatal(err)
	}
	if other, err := KeyOf(map[string]string{"a": "other"}); err != nil || other == one {
		t.Errorf("equal keys for different values (%v)", err)
	}
	if _, err := KeyOf(func() {}); err == nil {
		t.Error("no error for what is no JSON")
	}
}
