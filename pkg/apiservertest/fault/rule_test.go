package fault

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// codes are what a handler answers to n requests.
func codes(h http.Handler, n int) []int {
	var got []int
	for range n {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/version", nil))
		got = append(got, w.Code)
	}
	return got
}

var ok = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

func TestRuleHitsAfterSkipAndOnlyTimes(t *testing.T) {
	i := New(Options{})
	f := i.Add(Rule{Skip: 1, Times: 2, Effect: Status(500, "")})
	if got, want := codes(i.Wrap(ok), 5), []int{200, 500, 500, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if f.Hits() != 2 || f.Name() != "rule 1" {
		t.Errorf("%q has %d hits", f.Name(), f.Hits())
	}
}

func TestRuleCountsOnlyWhatMatchesAndGetsToIt(t *testing.T) {
	i := New(Options{User: func(r *http.Request) string { return "ann" }})
	i.Add(Rule{Times: 1, Effect: Status(500, "")})
	second := i.Add(Rule{Match: request.Match{User: "ann"}, Effect: (*Exchange).Serve})
	other := i.Add(Rule{Match: request.Match{User: "bob"}, Effect: Status(500, "")})
	codes(i.Wrap(ok), 3)
	if second.Hits() != 2 || other.Hits() != 0 {
		t.Errorf("hits %d and %d", second.Hits(), other.Hits())
	}
}

func TestProbabilityIsTheSameForTheSameSeed(t *testing.T) {
	run := func(seed uint64) []int {
		i := New(Options{Seed: seed})
		i.Add(Rule{Probability: 0.3, Effect: Status(500, "")})
		return codes(i.Wrap(ok), 1000)
	}
	one := run(7)
	if !slices.Equal(one, run(7)) || slices.Equal(one, run(8)) {
		t.Error("the seed does not decide")
	}
	hits := 0
	for _, c := range one {
		if c == 500 {
			hits++
		}
	}
	if hits < 200 || hits > 400 {
		t.Errorf("%d hits of 1000 with a probability of 0.3", hits)
	}
}

func TestSeedIsChosenAndTold(t *testing.T) {
	if New(Options{}).Seed() == 0 || New(Options{Seed: 3}).Seed() != 3 {
		t.Error("no seed")
	}
}

func TestRuleHitsNobodyWhenRemoved(t *testing.T) {
	i := New(Options{})
	h := i.Wrap(ok)
	first := i.Add(Rule{Name: "first", Effect: Status(500, "")})
	i.Add(Rule{Name: "second", Effect: Status(503, "")})
	got := codes(h, 1)
	first.Remove()
	got = append(got, codes(h, 1)...)
	i.RemoveAll()
	if got = append(got, codes(h, 1)...); !slices.Equal(got, []int{500, 503, 200}) {
		t.Error(got)
	}
}

func TestWaitReturnsAtTheNthHit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := New(Options{})
		f := i.Add(Rule{Name: "x", Effect: Status(500, "")})
		done := make(chan error, 1)
		go func() { done <- f.Wait(t.Context(), 3) }()
		codes(i.Wrap(ok), 2)
		synctest.Wait()
		if len(done) != 0 {
			t.Fatal("returned after 2 hits")
		}
		codes(i.Wrap(ok), 1)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		if err := f.Wait(ctx, 4); err == nil || err.Error() != `fault "x" has hit 3 of 4 requests: enough` {
			t.Error(err)
		}
	})
}

func TestHitsAreTold(t *testing.T) {
	var told []string
	i := New(Options{Hit: func(_ context.Context, name string) { told = append(told, name) }})
	i.Add(Rule{Effect: (*Exchange).Serve})
	i.Add(Rule{Name: "b", Effect: (*Exchange).Serve})
	codes(i.Wrap(ok), 1)
	if !slices.Equal(told, []string{"rule 1", "b"}) {
		t.Error(told)
	}
}

func TestAddRefusesRulesThatDoNothing(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want string
	}{
		{Rule{Name: "x"}, `rule "x" has no effect: set Effect`},
		{Rule{Skip: -1, Effect: HTML(200)}, "Skip -1 and Times 0 must not be negative"},
		{Rule{Times: -1, Effect: HTML(200)}, "Skip 0 and Times -1 must not be negative"},
		{Rule{Probability: 1.1, Effect: HTML(200)}, "the probability 1.1 is not between 0 and 1"},
		{Rule{Probability: math.NaN(), Effect: HTML(200)}, "the probability NaN is not between 0 and 1"},
		{Rule{Match: request.Match{Verbs: []string{"GET"}}, Effect: HTML(200)}, `verb "GET": verbs are in lower case`},
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, c.want) {
					t.Errorf("%q, want %q", got, c.want)
				}
			}()
			New(Options{}).Add(c.rule)
		}()
	}
}

func TestThenNestsEffects(t *testing.T) {
	var order []string
	step := func(name string) Effect {
		note := func(*Exchange) { order = append(order, name) }
		return Then(Before(note), After(note))
	}
	i := New(Options{})
	i.Add(Rule{Effect: Then(step("a"), step("b"))})
	i.Add(Rule{Effect: step("c")})
	codes(i.Wrap(ok), 1)
	if got := strings.Join(order, ""); got != "abccba" {
		t.Error(got)
	}
}

func TestRulesComeAndGoWhileRequestsRun(t *testing.T) {
	i := New(Options{})
	h := i.Wrap(ok)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 200 {
			f := i.Add(Rule{Probability: 0.5, Effect: Status(500, "")})
			f.Hits()
			f.Remove()
		}
	}()
	codes(h, 200)
	<-done
	if got := codes(h, 1); got[0] != 200 {
		t.Error("a rule is left")
	}
}
