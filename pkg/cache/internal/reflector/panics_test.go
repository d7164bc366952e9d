package reflector

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// panicking panics where it is asked to, each time once.
type panicking struct {
	*script
	list, watch, next, apply, replace bool
}

func (p *panicking) once(where *bool, what string) {
	if *where {
		*where = false
		panic(errors.New(what))
	}
}

func (p *panicking) List(ctx context.Context, options metav1.ListOptions, each func(Item[string]) error) (Page, error) {
	_ = each(Item[string]{Object: "half"})
	p.once(&p.list, "list")
	return p.script.List(ctx, options, each)
}

func (p *panicking) Watch(ctx context.Context, options metav1.ListOptions) (Stream[string], error) {
	p.once(&p.watch, "watch")
	stream, err := p.script.Watch(ctx, options)
	return panickingStream{stream, p}, err
}

type panickingStream struct {
	Stream[string]
	owner *panicking
}

func (s panickingStream) Next(ctx context.Context) (Event[string], error) {
	s.owner.once(&s.owner.next, "next")
	return s.Stream.Next(ctx)
}

func (p *panicking) Apply(event Event[string]) error {
	p.once(&p.apply, "apply")
	return p.script.Apply(event)
}

func (p *panicking) Replace(list List[string]) error {
	p.once(&p.replace, "replace")
	return p.script.Replace(list)
}

// Whatever of the user's panics in the reflector is a failure like others: it is reported with its stack, and what may have been
// missed is listed again.
func TestPanicsAreFailures(t *testing.T) {
	for what, c := range map[string]struct {
		p     panicking
		stage Stage
		lists int
	}{
		"list":    {panicking{list: true}, StageList, 1},
		"watch":   {panicking{watch: true}, StageWatch, 1},
		"next":    {panicking{next: true}, StageEvent, 2},
		"apply":   {panicking{apply: true}, StageApply, 2},
		"replace": {panicking{replace: true}, StageApply, 2},
	} {
		t.Run(what, func(t *testing.T) {
			s := &script{}
			for range c.lists {
				s.lists = append(s.lists, page("5", "", "a"))
			}
			s.watches = append(s.watches, s.sends(nil, added("b", "6")), s.sends(nil, added("b", "6")))
			p := c.p
			p.script = s
			s.as = &p
			synctest.Test(t, func(t *testing.T) { s.runFor(t, time.Minute) })
			n := len(s.calls)
			if diff := cmp.Diff([]string{"replace 5 [half a]", `watch rv="5"`, "ADDED b"}, s.calls[n-3:]); diff != "" {
				t.Errorf("the last calls (-want +got):\n%s", diff)
			}
			if len(s.errs) != 1 || s.errs[0].Stage != c.stage || s.errs[0].RetryIn == 0 {
				t.Fatalf("reported %+v", s.errs)
			}
			panicked, ok := errors.AsType[*PanicError](s.errs[0])
			if !ok || panicked.Unwrap().Error() != what || !strings.HasPrefix(string(panicked.Stack), "github.com/kubewright/kubewright/pkg/cache/internal/reflector.(*panicking).once") {
				t.Errorf("reported %v, want the panic and where it was", s.errs[0])
			}
		})
	}
}
