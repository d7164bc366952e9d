package faultmatrix

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/generated/kubernetes"
	typedcorev1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// callers is the user agent of clients that are no informers.
const callers = "caller"

// clients is the case of a row in which some clients read and write the same objects while each of these faults hits some of their
// requests: what they are told is true, and nothing is done twice (I16, I17).
func clients(effects ...fault.Effect) []scenario {
	return []scenario{{name: "clients", play: func(s *S) {
		s.start(rig.Options{})
		for _, effect := range effects {
			s.rule(fault.Rule{
				Match:       request.Match{UserAgent: callers, Verbs: []string{"get", "create", "update", "delete"}},
				Probability: 0.2,
				Effect:      effect,
			})
		}
		operations := s.callers()
		for _, v := range s.History().CheckOperations(operations) {
			s.violate(v.Invariant, "%s", v.What)
		}
	}}}
}

// What the rows let happen to clients.
var (
	resetClients    = clients(fault.Break(fault.Reset), fault.BreakAfter(fault.Reset))
	cutClients      = clients(fault.Break(fault.Abort), fault.BreakAfter(fault.Abort), fault.BreakAfter(fault.Close))
	throttleClients = clients(fault.Status(http.StatusTooManyRequests, "0"))
	outOfService    = clients(fault.Status(http.StatusServiceUnavailable, "0"), fault.Status(http.StatusInternalServerError, ""))
	goawayClients   = clients(fault.Goaway())
)

// sharedObjects is how many objects the clients share.
const sharedObjects = 2

func sharedKey(n int) string { return fmt.Sprint("one/shared-", n) }

// callers lets clients work, and returns all that they did.
func (s *S) callers() []check.Operation {
	const most = 4
	for n := range sharedObjects {
		s.Wrote(sharedKey(n))
	}
	config := s.Config()
	config.UserAgent, config.ContentType, config.NextProtos = callers, s.Kind.Media, []string{s.Kind.Protocol}
	httpClient, err := rest.HTTPClientFor(config)
	s.must(err)
	s.shared = httpClient // whose connections are closed in the end
	client, err := kubernetes.NewForConfigAndClient(config, httpClient)
	s.must(err)
	var clock atomic.Int64
	var working sync.WaitGroup
	done := make([][]check.Operation, most)
	for n := range most {
		c := caller{
			configMaps: client.CoreV1().ConfigMaps("one"), number: n, clock: &clock,
			random: rand.New(rand.NewPCG(s.Random.Uint64(), 0)), seen: map[string]string{},
		}
		working.Go(func() {
			for range 15 {
				done[n] = append(done[n], c.work(s.Context()))
			}
		})
	}
	working.Wait()
	return slices.Concat(done...)
}

// caller is a client that does random things to a few objects.
type caller struct {
	configMaps typedcorev1.ConfigMapInterface
	number     int
	clock      *atomic.Int64 // of all callers: it ticks at each call and each return
	random     *rand.Rand
	values     int
	seen       map[string]string // the last version that it has seen of each object
}

// work does one thing.
func (c *caller) work(ctx context.Context) check.Operation {
	key := sharedKey(c.random.IntN(sharedObjects))
	o := check.Operation{Client: c.number, Key: key, Verb: "get"}
	switch n := c.random.IntN(10); {
	case n < 3 && c.seen[key] != "":
		o.Verb, o.Version = "update", c.seen[key]
	case n < 5:
		o.Verb = "create"
	case n < 6:
		o.Verb = "delete"
	}
	if o.Verb == "update" || o.Verb == "create" {
		c.values++
		o.Value = fmt.Sprintf("%d-%d", c.number, c.values)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	o.Called = c.clock.Add(1)
	got, err := c.call(ctx, o)
	o.Returned = c.clock.Add(1)
	o.Answer = answerOf(err)
	if o.Answer == check.Done && got != nil {
		o.GotValue, o.GotVersion = got.Annotations[check.ValueKey], got.ResourceVersion
		c.seen[key] = got.ResourceVersion
	}
	return o
}

func (c *caller) call(ctx context.Context, o check.Operation) (*corev1.ConfigMap, error) {
	_, name := rig.Split(o.Key)
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name: name, ResourceVersion: o.Version, Annotations: map[string]string{check.ValueKey: o.Value},
	}}
	switch o.Verb {
	case "create":
		return c.configMaps.Create(ctx, object, metav1.CreateOptions{})
	case "update":
		return c.configMaps.Update(ctx, object, metav1.UpdateOptions{})
	case "delete":
		return nil, c.configMaps.Delete(ctx, name, metav1.DeleteOptions{})
	default:
		return c.configMaps.Get(ctx, name, metav1.GetOptions{})
	}
}

func answerOf(err error) check.Answer {
	switch {
	case err == nil:
		return check.Done
	case apierrors.IsNotFound(err):
		return check.Absent
	case apierrors.IsAlreadyExists(err):
		return check.Taken
	case apierrors.IsConflict(err):
		return check.Stale
	default:
		return check.Unknown
	}
}
