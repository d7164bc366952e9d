package cached

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/openapi"
)

func TestMain(m *testing.M) { canary.Main(m) }

// server is a client with one document. It takes a second to answer, and fails at first.
type server struct {
	failures int
	asked    map[string]int
}

var errDown = errors.New("down")

func (s *server) answer(ctx context.Context, question string) error {
	s.asked[question]++ // memo asks one question at a time; the tests ask one
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.asked[question] <= s.failures {
		return errDown
	}
	return nil
}

func (s *server) PathsWithContext(ctx context.Context) (map[string]openapi.GroupVersionWithContext, error) {
	return map[string]openapi.GroupVersionWithContext{"api/v1": document{s}}, s.answer(ctx, "paths")
}

type document struct{ *server }

func (d document) SchemaWithContext(ctx context.Context, contentType string) ([]byte, error) {
	return []byte(contentType), d.answer(ctx, contentType)
}

func (document) ServerRelativeURL() string { return "/openapi/v3/api/v1?hash=1" }

func TestAnswersAreKeptAndFailuresAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{failures: 1, asked: map[string]int{}}
		client := NewClientWithContext(s)
		if _, err := client.PathsWithContext(t.Context()); err != errDown {
			t.Fatalf("error %v", err)
		}
		for range 3 {
			paths, err := client.Paths()
			if err != nil {
				t.Fatal(err)
			}
			gv := paths["api/v1"]
			if gv.ServerRelativeURL() != "/openapi/v3/api/v1?hash=1" {
				t.Errorf("URL %s", gv.ServerRelativeURL())
			}
			delete(paths, "api/v1") // which is the caller's
			for _, contentType := range []string{"a", "b"} {
				body, err := gv.Schema(contentType)
				if s.asked[contentType] == 1 && err == errDown {
					body, err = gv.Schema(contentType)
				}
				if string(body) != contentType || err != nil {
					t.Errorf("%s: %s, error %v", contentType, body, err)
				}
			}
		}
		for question, n := range s.asked {
			if n != 2 {
				t.Errorf("%s: asked %d times, want one failure and one answer", question, n)
			}
		}
	})
}

func TestOneAsksAndOthersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{asked: map[string]int{}}
		client := NewClientWithContext(s)
		start := time.Now()
		// The first to ask gives up, as does one of those who wait; the others have an answer.
		errs := make([]error, 5)
		var wg sync.WaitGroup
		for i := range errs {
			ctx := t.Context()
			if i < 2 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Second/time.Duration(2+i)) // the waiting one first
				defer cancel()
			}
			wg.Go(func() { _, errs[i] = client.PathsWithContext(ctx) })
			synctest.Wait()
		}
		wg.Wait()
		for i, err := range errs {
			if want := i < 2; errors.Is(err, context.DeadlineExceeded) != want {
				t.Errorf("%d: error %v", i, err)
			}
		}
		if s.asked["paths"] != 2 || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("asked %d times in %v", s.asked["paths"], time.Since(start))
		}
	})
}

// plain is a client without contexts.
type plain struct{}

func (plain) Paths() (map[string]openapi.GroupVersion, error) {
	return map[string]openapi.GroupVersion{"a": nil, "b": nil}, nil
}

func TestNewClient(t *testing.T) {
	if paths, err := NewClient(plain{}).Paths(); err != nil || len(paths) != 2 {
		t.Errorf("%v, error %v", paths, err)
	}
}
