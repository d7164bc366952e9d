package faultmatrix

import (
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// tooLarge: "Too large resource version" is as good as 410: it recovers, by a list of the newest version, and does not spin (R2).
var tooLarge = []scenario{
	{name: "every-list-at-a-version", play: func(s *S) { listTooLarge(s, tooLargeError(true), "") }},
	{name: "servers-that-say-no-cause", play: func(s *S) { listTooLarge(s, tooLargeError(false), "") }},
	{name: "first-lists", play: func(s *S) {
		s.churn(10)
		i := s.informer(rig.Options{})
		n := 1 + s.times(5)
		rule := s.on("list", n, fault.Fail(tooLargeError(true), ""))
		i.MustHear("504", aWait)
		i.Start()
		s.write(5)
		s.hit(rule, n, 10*time.Minute)
		s.converge()
	}},
	{name: "lists-that-ask-to-come-back", slow: "a list is repeated ten times within one attempt, a second apart", within: 3 * time.Minute, play: func(s *S) {
		s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 15, In: 10 * time.Second}, {Count: 50, In: time.Minute}}, Pause: 50 * time.Millisecond}
		listTooLarge(s, tooLargeError(true), "1")
	}},
	{name: "watches", pages: true, play: func(s *S) {
		s.churn(10)
		n := s.times(3)
		rule := s.on("watch", n, fault.Fail(tooLargeError(true), ""))
		i := s.informer(rig.Options{})
		i.MustHear("504", aWait)
		i.Start()
		s.write(5)
		s.hit(rule, n, 10*time.Minute)
		s.converge()
	}},
}

// listTooLarge refuses lists that have to be at, or newer than, a version, for ever.
func listTooLarge(s *S, refusal apierrors.APIStatus, retryAfter string) {
	s.churn(10)
	i := s.start(rig.Options{})
	s.Create("two/proof", "x")
	s.converge()
	rule := s.rule(fault.Rule{
		Match:  request.Match{Verbs: []string{"list", "watch"}, Where: func(r request.Info) bool { return isList(r) && atVersion(r) }},
		Effect: fault.Fail(refusal, retryAfter),
	})
	i.MustHear("410 and 504", aWait)
	s.down(i, 5, s.Compact)
	s.hit(rule, 1, time.Minute)
}

// atVersion selects lists that must not be older than a version.
func atVersion(r request.Info) bool {
	version := r.Query.Get("resourceVersion")
	return version != "" && version != "0"
}

// tooLargeError is what a server says that has not come to a version yet; old ones do so only in the message.
func tooLargeError(cause bool) *apierrors.StatusError {
	err := &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusGatewayTimeout, Reason: metav1.StatusReasonTimeout,
		Message: "Timeout: Too large resource version: 999, current: 1", Details: &metav1.StatusDetails{RetryAfterSeconds: 1},
	}}
	if cause {
		err.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: metav1.CauseTypeResourceVersionTooLarge, Message: "Too large resource version"}}
	}
	return err
}
