package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"
)

// goldenFile is the content of a golden file.
func goldenFile(s scenario, exchanges []exchange) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What kube-apiserver answers in the scenario %q of %s.http. Written by go test -update.\n", s.name, s.area)
	for _, e := range exchanges {
		b.WriteString("---\n")
		// One after the other for the order: what was asked, then what came.
		for _, part := range []any{
			exchange{Request: e.Request, Sent: e.Sent},
			exchange{Status: e.Status},
			struct {
				Headers map[string]string `json:"headers,omitempty"`
			}{e.Headers},
			struct {
				Body   any    `json:"body,omitempty"`
				Events []any  `json:"events,omitempty"`
				End    string `json:"end,omitempty"`
			}{e.Body, e.Events, e.End},
		} {
			data, err := json.Marshal(part)
			if err != nil {
				return nil, err
			}
			if string(data) == "{}" {
				continue
			}
			if data, err = yaml.JSONToYAML(data); err != nil {
				return nil, err
			}
			b.Write(data)
		}
	}
	return b.Bytes(), nil
}

// readGolden returns what goldenFile was made of.
func readGolden(s scenario) ([]exchange, error) {
	data, err := os.ReadFile(s.golden())
	if err != nil {
		return nil, fmt.Errorf("%w: run go test -update, which asks the real server", err)
	}
	return parseGolden(data)
}

func parseGolden(data []byte) ([]exchange, error) {
	var exchanges []exchange
	for _, document := range bytes.Split(data, []byte("\n---\n"))[1:] {
		var e exchange
		asJSON, err := yaml.YAMLToJSON(append(slices.Clip(document), '\n'))
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(asJSON))
		decoder.UseNumber()
		if err := decoder.Decode(&e); err != nil {
			return nil, err
		}
		exchanges = append(exchanges, e)
	}
	return exchanges, nil
}

func writeGolden(s scenario, exchanges []exchange) error {
	data, err := goldenFile(s, exchanges)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.golden()), 0o755); err != nil {
		return err
	}
	return os.WriteFile(s.golden(), data, 0o644)
}

// removeStaleGoldens removes the golden files of scenarios that are no more.
func removeStaleGoldens(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, path := range staleGoldens(t, scenarios) {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// staleGoldens are the golden files that are of no scenario.
func staleGoldens(t *testing.T, scenarios []scenario) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(file string) bool {
		return slices.ContainsFunc(scenarios, func(s scenario) bool { return s.golden() == file })
	})
}
