package main

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTableIsUpToDate makes the table anew, on real servers.
func TestTableIsUpToDate(t *testing.T) {
	const committed = "../../../../pkg/apiservertest/internal/catalog/resources.jsonl"
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(t.TempDir(), "resources.jsonl")
	if err := run(t.Context(), output); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is out of date: run go run -C test/apiserver ./cmd/dump-resources", committed)
	}
}
