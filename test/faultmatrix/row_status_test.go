package faultmatrix

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// tooMany: what a server says about when to come again is honoured as far as it makes sense, and never for more than a minute
// an attempt; an informer that waits stops at once (Q2).
var tooMany = []scenario{
	{name: "0", play: func(s *S) { refuse(s, "0") }},
	{name: "5", slow: "it waits as long as it is told to", play: func(s *S) { refuse(s, "5") }},
	{name: "86400", slow: minutes, within: 3*time.Minute + patience, play: func(s *S) { refuse(s, "86400") }},
	{name: "negative", play: func(s *S) { refuse(s, "-1") }},
	{name: "date", slow: minutes, play: func(s *S) { refuse(s, time.Now().Add(20*time.Second).UTC().Format(http.TimeFormat)) }},
	{name: "date-that-has-passed", play: func(s *S) { refuse(s, time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)) }},
	{name: "date-far-away", slow: minutes, within: 3*time.Minute + patience, play: func(s *S) {
		refuse(s, time.Now().Add(1000*time.Hour).UTC().Format(http.TimeFormat))
	}},
	{name: "garbage", play: func(s *S) { refuse(s, "tomorrow") }},
	{name: "more-than-a-number-holds", slow: minutes, within: 3*time.Minute + patience, play: func(s *S) { refuse(s, "99999999999999999999999") }},
	{name: "in-a-watch", play: func(s *S) {
		s.onEvents(1, fault.InsertBefore(s.live(fault.Events{Skip: 2, Times: 1}), fault.StatusEvent("ERROR", apierrors.NewTooManyRequests("not now", 5).ErrStatus)))
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("429 in a watch", aWait)
		for range 10 {
			s.churn(1)
		}
		s.Create("one/proof", "x")
	}},
	{name: "stop-while-waiting", play: func(s *S) {
		rule := s.on("", 0, fault.Status(http.StatusTooManyRequests, "86400"))
		i := s.informer(rig.Options{})
		i.Start()
		s.hit(rule, 1, time.Minute)
		s.sleep(s.upTo(time.Minute))
		i.Stop(s.stopWithin())
	}},
	{name: "write", play: func(s *S) {
		i := s.start(rig.Options{})
		s.rule(fault.Rule{Match: request.Match{Verbs: []string{"create"}}, Times: 2, Effect: fault.Status(http.StatusTooManyRequests, "0")})
		if err := s.createOver(i, "one/written"); err != nil {
			s.violate("I16", "the creation was not repeated: %v", err)
		}
	}},
}

// refuse answers the first requests with 429.
func refuse(s *S, retryAfter string) {
	s.churn(10)
	n := s.times(3)
	rule := s.on("", n, fault.Status(http.StatusTooManyRequests, retryAfter))
	i := s.informer(rig.Options{})
	i.Start()
	s.write(5)
	s.hit(rule, n, 10*time.Minute)
	s.converge()
	if s.fake {
		s.on("watch", 1, fault.Status(http.StatusTooManyRequests, retryAfter))
		s.breakConnections()
		s.churn(2)
	}
}

// createOver creates an object with the connections of an informer.
func (s *S) createOver(i *rig.Informer, key string) error {
	client, err := kubernetes.NewForConfigAndClient(s.Config(), i.Client())
	s.must(err)
	namespace, name := rig.Split(key)
	s.Wrote(key)
	_, err = client.CoreV1().ConfigMaps(namespace).Create(s.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	return err
}

// outages: while all requests fail, waits double and are spread; afterwards all is well.
var outages = []scenario{
	{name: "503", slow: minutes, play: func(s *S) { outage(s, fault.Status(http.StatusServiceUnavailable, "")) }},
	{name: "500", slow: minutes, play: func(s *S) { outage(s, fault.Status(http.StatusInternalServerError, "")) }},
	{name: "connections-refused", slow: minutes, play: func(s *S) { outage(s, fault.Break(fault.Abort)) }},
	{name: "short", play: func(s *S) {
		s.churn(10)
		i := s.start(rig.Options{})
		i.MustHear("503", aWait)
		n := 1 + s.times(3)
		rule := s.on("", n, fault.Status(http.StatusServiceUnavailable, ""))
		s.breakConnections()
		s.churn(5)
		s.hit(rule, n, patience)
	}},
	{name: "many-informers", slow: minutes, rigs: func(k rig.Kind) bool { return k.Name == "typed-protobuf" }, play: manyInAnOutage},
}

// outage lets all requests fail for a minute.
func outage(s *S, effect fault.Effect) {
	const length = time.Minute
	s.churn(10)
	i := s.start(rig.Options{})
	s.sleep(5 * time.Minute) // so that what was before does not count
	before := s.count("watch") + s.count("list")
	rule := s.on("", 0, effect)
	i.MustHear("nothing works", aWait)
	s.breakConnections()
	s.churn(5)
	s.sleep(length)
	// Attempts are at 0, 0.8, 2.4, 5.6, 12, 24.8 and 50.4 seconds at the earliest. A connection that breaks before an answer makes
	// an attempt several requests, see package rest.
	attempts, most := s.count("watch")+s.count("list")-before, 7
	if i.Heard()[len(i.Heard())-1].Err == nil || attempts > most && s.run.scenario.name != "connections-refused" {
		s.violate("I10", "%d requests in the first %v, at most %d are allowed", attempts, length, most)
	}
	rule.Remove()
	s.sleep(aWait)
	s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 60, In: time.Minute}}, Pause: usual.Pause}
}

// manyInAnOutage has a thousand informers, which together must not ask for more than each for itself, and not all at once.
func manyInAnOutage(s *S) {
	const length = time.Minute
	n := full(150, 1000)
	s.churn(5)
	for range n {
		s.bare(rig.Options{Client: s.sharedClient()}).Start()
	}
	s.converge()
	s.sleep(5 * time.Minute)
	all := request.Match{Verbs: []string{"list", "watch"}}
	before := s.Record().Count(all)
	rule := s.on("", 0, fault.Status(http.StatusServiceUnavailable, ""))
	s.breakConnections()
	begin := time.Now()
	s.churn(3)
	s.sleep(length)
	if got := s.Record().Count(all) - before; got > 7*n {
		s.violate("I10", "%d requests of %d informers in a minute, at most %d are allowed", got, n, 7*n)
	}
	for _, b := range s.Record().Rate(all, time.Second) {
		if after := b.Start.Sub(begin); after > 5*time.Second && b.Count > n/2 {
			s.violate("I10", "%d requests of %d informers in one second, %v after the outage began: they are not spread", b.Count, n, after)
		}
	}
	rule.Remove()
}

// sharedClient is one HTTP client for all informers, whose connections are closed in the end.
func (s *S) sharedClient() *http.Client {
	if s.shared == nil {
		config := s.Config()
		config.NextProtos = []string{s.Kind.Protocol}
		client, err := rest.HTTPClientFor(config)
		s.must(err)
		s.shared = client
	}
	return s.shared
}

// forbidden: an informer that is refused for ever keeps asking, seldom, and says so; others are not affected.
var forbidden = []scenario{
	{name: "401", slow: minutes, play: func(s *S) { forbid(s, http.StatusUnauthorized) }},
	{name: "403", slow: minutes, play: func(s *S) { forbid(s, http.StatusForbidden) }},
	{name: "from-the-beginning", play: func(s *S) {
		rule := s.on("", 0, fault.Status(http.StatusForbidden, ""))
		i := s.informer(rig.Options{})
		i.MustHear("403", aWait)
		i.Start()
		s.hit(rule, 2, aWait)
		if i.HasSynced() {
			s.violate("I7", "the informer has synced, and may not list")
		}
		rule.Remove()
	}},
}

func forbid(s *S, code int) {
	s.churn(10)
	refused := s.start(rig.Options{Client: s.sharedClient()})
	other := s.start(rig.Options{Client: s.sharedClient()})
	s.sleep(5 * time.Minute)
	refused.MustHear(fmt.Sprint(code), aWait)
	rule := s.rule(fault.Rule{Match: request.Match{UserAgent: refused.Name}, Effect: fault.Status(code, "")})
	before := s.Record().Count(refused.Requests())
	s.breakConnections()
	for range 10 {
		s.churn(3)
		s.sleep(time.Minute)
		if lag := other.Lag(s.State()); lag != "" {
			s.violate("row", "another informer is affected: %s", lag)
		}
	}
	now := time.Now()
	if s.unhurried() && refused.Status().Check(now, cache.HealthOptions{}) == nil {
		s.violate("I14", "the informer takes itself for healthy, and was refused for ten minutes")
	}
	if err := other.Status().Check(now, cache.HealthOptions{}); err != nil {
		s.violate("I14", "the other informer takes itself for ill: %v", err)
	}
	// 7 in the first minute, and then one in half a minute at most.
	if got := s.Record().Count(refused.Requests()) - before; got > 7+2*9 {
		s.violate("I10", "%d requests in ten minutes of %d", got, code)
	}
	rule.Remove()
}

// goaways: a server that sends its clients away loses nothing: watches go on to their end, writes are done once, and the rate of
// new connections is bounded by that of requests (T9).
var goaways = []scenario{
	{name: "graceful", pages: true, play: func(s *S) {
		s.on("watch", s.times(3), fault.Goaway())
		s.churn(5)
		s.start(rig.Options{})
		s.write(20)
	}},
	{name: "with-writes-in-flight", play: func(s *S) {
		i := s.start(rig.Options{})
		s.rule(fault.Rule{Match: request.Match{Verbs: []string{"create"}}, Probability: 0.5, Effect: fault.Goaway()})
		for n := range 10 {
			s.writers.Go(func() {
				if err := s.createOver(i, fmt.Sprint("one/written-", n)); err != nil {
					s.Errorf("create: %v", err) // a second creation would be refused, and the history say so
				}
			})
		}
	}},
	{name: "storm", play: func(s *S) {
		var accepted atomic.Int32
		s.Faults().OnAccept(func(*fault.Conn) { accepted.Add(1) })
		s.on("", 0, fault.Goaway())
		s.churn(5)
		i := s.start(rig.Options{})
		for range s.times(5) {
			s.write(5)
			s.breakConnections()
			s.sleep(s.upTo(5 * time.Second))
			s.must(ignoreGone(s.createOver(i, fmt.Sprint("two/written-", s.Revision()))))
		}
		s.converge()
		// A connection for each request, and one for each that was broken before it had a request.
		if requests := s.Record().Count(i.Requests()); int(accepted.Load()) > 2*requests {
			s.violate("row", "%d connections for %d requests", accepted.Load(), requests)
		}
	}},
}

// ignoreGone is nil for errors of connections, which a storm breaks.
func ignoreGone(err error) error {
	if apierrors.ReasonForError(err) == metav1.StatusReasonUnknown {
		return nil
	}
	return err
}
