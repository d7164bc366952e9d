package faultmatrix

import (
	"slices"
	"strconv"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// on lets an effect hit requests of the informers: their lists, or their watches, "" for both; the first times of them, 0 for
// all. A watch that begins with a list is a list.
func (s *S) on(what string, times int, effect fault.Effect) *fault.Fault {
	return s.rule(fault.Rule{Match: requests(what), Times: times, Effect: effect})
}

// onEvents lets an effect hit the first watches, 0 for all, those that begin with a list, too. It should be one that is about
// live events.
func (s *S) onEvents(times int, effect fault.Effect) *fault.Fault {
	return s.rule(fault.Rule{Match: request.Match{Verbs: []string{"watch"}}, Times: times, Effect: effect})
}

// live are those of the events that tell what happens after the informer has started, and not what it finds.
func (s *S) live(events fault.Events) fault.Events {
	events.Where = func(e fault.Event) bool {
		version, err := strconv.ParseInt(e.Object.ResourceVersion, 10, 64)
		return err == nil && version > s.started.Load()
	}
	return events
}

// requests selects lists, watches, or with "" both.
func requests(what string) request.Match {
	return request.Match{Verbs: []string{"list", "watch"}, Where: func(r request.Info) bool { return what == "" || isList(r) == (what == "list") }}
}

// isList says whether a request is a list, or a page of one, or a watch that begins with one.
func isList(r request.Info) bool {
	return r.Verb == "list" || r.Query.Get("sendInitialEvents") == "true"
}

// rule adds a rule for requests of the informers, or of one whose name the rule has as user agent.
func (s *S) rule(r fault.Rule) *fault.Fault {
	if r.UserAgent == "" {
		r.UserAgent = rig.UserAgents
	}
	f := s.Faults().Add(r)
	s.rules = append(s.rules, f)
	return f
}

// optional says that a fault need not happen.
func (s *S) optional(f *fault.Fault) {
	s.rules = slices.DeleteFunc(s.rules, func(other *fault.Fault) bool { return other == f })
}

// hit waits until a fault has hit n requests.
func (s *S) hit(f *fault.Fault, n int, within time.Duration) {
	s.Helper()
	if !s.await(within, func() bool { return f.Hits() >= n }) {
		s.violate("row", "%s has hit %d of %d requests in %v: the scenario does not do what it should", f.Name(), f.Hits(), n, within)
	}
}

// breakConnections resets all connections.
func (s *S) breakConnections() {
	for _, c := range s.Faults().Conns() {
		_ = c.Reset() // it may be closed already
	}
}
