package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAnswersAreWrittenBesideTheQuestions(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Audit-Id", "1")
		w.Header().Set("Content-Type", "text/plain")
		if r.URL.RawQuery == "binary" {
			w.Write([]byte("k8s\x00"))
			return
		}
		w.WriteHeader(http.StatusTeapot)
		w.Write([]byte(r.Method + " " + r.Header.Get("Accept") + " <" + r.Host + ">"))
	}))
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	questions := `{"method":"PUT","path":"/a","header":{"Accept":"b"}}
{"method":"GET","path":"/a?binary","status":500,"body":"old"}
`
	want := `{"method":"PUT","path":"/a","header":{"Accept":"b"},"status":418,"answer":{"Content-Type":"text/plain"},"body":"PUT b <SERVER>"}
{"method":"GET","path":"/a?binary","status":200,"answer":{"Content-Type":"text/plain"},"binary":"azhzAA=="}
`
	for range 2 { // the answers of the first run are questions of the second
		got, err := record(t.Context(), server.Client(), server.URL, []byte(questions))
		if err != nil {
			t.Fatal(err)
		}
		questions = strings.ReplaceAll(string(got), "http://", "")
		questions = strings.ReplaceAll(questions, strings.TrimPrefix(server.URL, "http://"), "SERVER")
		if questions != want {
			t.Errorf("got:\n%swant:\n%s", questions, want)
		}
	}
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	if _, err := record(t.Context(), http.DefaultClient, "", []byte(`{"verb":"GET"}`)); err == nil || !strings.Contains(err.Error(), `"verb"`) {
		t.Errorf("got %v", err)
	}
}

// TestRecordedAnswersAreUpToDate records them anew, on a real server.
func TestRecordedAnswersAreUpToDate(t *testing.T) {
	recorded, err := filepath.Glob("../../../../pkg/apiservertest/internal/*/testdata/answers*.jsonl")
	if err != nil || len(recorded) == 0 {
		t.Fatalf("no files of recorded answers: %v", err)
	}
	var copies []string
	for _, file := range recorded {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(strings.TrimPrefix(file, "../../../../"), "/", "-")
		copied := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(copied, text, 0o644); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, copied)
	}
	if err := run(t.Context(), copies); err != nil {
		t.Fatal(err)
	}
	for i, file := range recorded {
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		anew, err := os.ReadFile(copies[i])
		if err != nil {
			t.Fatal(err)
		}
		if string(old) != string(anew) {
			t.Errorf("%s is out of date: run go run -C test/apiserver ./cmd/record-answers with its path", file)
		}
	}
}
