package faultmatrix

import (
	"strconv"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// backups: a server that is set back to an older state gives its versions again. Informers get to the new state, which only
// a list of the newest version can show them, and tell what went away as deleted.
var backups = []scenario{
	{name: "a-list-is-refused", play: func(s *S) {
		// The server has not come to the version that the informer has: a list at it is too large, as for ever.
		i := restored(s, 10, 2, 0)
		s.on("watch", 1, fault.InsertFirst(fault.Expired()))
		s.breakConnections()
		s.converge()
		lowerOnlyFromNewest(s, i)
	}},
	{name: "history-is-gone-too", play: func(s *S) {
		// It was set back, compacted, and has gone past the version that the informer has.
		restored(s, 3, 20, 0)
		s.Compact()
		s.breakConnections()
	}},
}

// restored has an informer follow the server, which is then set back by some writes, and written to again.
func restored(s *S, lost, written int, audit time.Duration) *rig.Informer {
	s.churn(10)
	s.Create("one/stays", "x")
	i := s.start(rig.Options{Audit: audit})
	backup := s.Revision()
	s.Create("two/never-was", "x")
	s.Delete("one/stays")
	for range lost {
		s.Update("two/never-was")
	}
	s.converge()
	i.MustHear("a backup was restored", aWait)
	s.Stop()
	s.Restore(backup)
	for range written {
		s.Update("one/stays")
	}
	s.must(s.Start())
	return i
}

// lowerOnlyFromNewest wants that a list that went back was one of the newest version.
func lowerOnlyFromNewest(s *S, i *rig.Informer) {
	last := ""
	for e := range s.Record().Entries(s.listsOf(i)) {
		last = e.Query.Get("resourceVersion")
	}
	if last != "" {
		s.violate("row", "the list that accepted a lower version was at %q", last)
	}
}

// replicas: an informer that gets to a server which is behind does not go back in time.
var replicas = []scenario{
	{name: "watches-wait", play: func(s *S) {
		replica(s, func(int64) fault.Effect {
			return func(x *fault.Exchange) {
				if x.Info.Verb != "watch" || x.Sleep(3*time.Second) { // until it has caught up
					x.Serve()
				}
			}
		})
	}},
	{name: "lists-are-refused", play: func(s *S) { replica(s, behind) }},
	{name: "two-of-three-are-behind", play: func(s *S) {
		lagging := s.lagging()
		rule := s.rule(fault.Rule{Match: request.Match{Verbs: []string{"list", "watch"}}, Probability: 0.66, Effect: behind(lagging)})
		s.optional(rule)
		for range s.times(5) {
			s.optional(s.on("watch", 1, fault.InsertFirst(fault.Expired())))
			s.breakConnections()
			s.churn(2)
			s.sleep(s.upTo(10 * time.Second))
		}
		rule.Remove()
	}},
}

// lagging has an informer follow the server, and returns a version that both have left behind. All connections are to break next.
func (s *S) lagging() int64 {
	s.churn(10)
	i := s.start(rig.Options{})
	lagging := s.Revision()
	s.churn(10)
	s.converge()
	i.MustHear("all connections break", aWait)
	return lagging
}

// replica has an informer connect to a server that is some events behind.
func replica(s *S, behind func(revision int64) fault.Effect) {
	lagging := s.lagging()
	rule := s.on("", 0, behind(lagging))
	s.on("watch", 1, fault.InsertFirst(fault.Expired())) // so that it lists, too
	s.breakConnections()
	s.churn(2)
	s.hit(rule, 1, aWait)
	s.sleep(s.upTo(10 * time.Second))
	rule.Remove()
}

// behind answers as a replica whose cache is at a revision: it has no newer version, but what it has to read from the storage
// is as new as that.
func behind(revision int64) fault.Effect {
	return func(x *fault.Exchange) {
		at, err := strconv.ParseInt(x.Info.Query.Get("resourceVersion"), 10, 64)
		switch {
		case x.Info.Verb == "watch":
			x.Serve()
		case err != nil: // the newest
			x.Serve()
		case at > revision:
			fault.Fail(tooLargeError(true), "")(x)
		default:
			fault.AsOf(strconv.FormatInt(revision, 10))(x)
		}
	}
}
