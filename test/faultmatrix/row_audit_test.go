package faultmatrix

import (
	"strconv"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

const (
	// audits is how often informers compare their caches with the server in what follows, give or take a half.
	audits = 10 * time.Minute
	// audited is when one has.
	audited = audits*3/2 + patience
)

// bookmarksAhead: what happened before a bookmark, and was not told, is found by an audit (etcd#15220).
var bookmarksAhead = []scenario{
	{name: "and-cut", slow: minutes, within: audited, play: func(s *S) {
		s.disordered = true
		s.churn(10)
		s.onEvents(1, func(x *fault.Exchange) {
			fault.StopAfter(s.live(fault.Events{}), fault.Reset, fault.Bookmark(strconv.FormatInt(s.Revision()+12, 10), false))(x)
		})
		i := s.start(rig.Options{Audit: audits})
		i.MustHear("the audit finds it", audited)
		s.Create("one/skipped", "x")
		for range 5 {
			s.Update("one/skipped")
		}
		s.converge()
		if i.Status().Differences == 0 {
			s.violate("row", "the audit has found nothing")
		}
	}},
}

// gaps: an event that was lost is found by an audit, which says so (R21).
var gaps = []scenario{
	{name: "change", slow: minutes, within: audited, play: func(s *S) { gap(s, "MODIFIED") }},
	{name: "creation", slow: minutes, within: audited, play: func(s *S) { gap(s, "ADDED") }},
	{name: "deletion", slow: minutes, within: audited, play: func(s *S) { gap(s, "DELETED") }},
	{name: "nothing", hours: "it takes an hour", within: audited, play: func(s *S) {
		// An audit of a cache that is right finds nothing, and lists nothing but metadata, also while objects change.
		s.churn(10)
		i := s.start(rig.Options{Audit: audits})
		for range 60 {
			s.churn(2)
			s.sleep(time.Minute)
		}
		if status := i.Status(); status.Differences != 0 || status.Lists != 1 {
			s.violate("row", "audits have found %d differences where there were none, and made for %d lists", status.Differences, status.Lists)
		}
	}},
}

func gap(s *S, eventType string) {
	const key = "one/lost"
	s.disordered = true
	s.onEvents(1, fault.Drop(s.live(fault.Events{Types: []string{eventType}, Name: "lost"})))
	s.churn(10)
	if eventType != "ADDED" {
		s.Create(key, "x")
	}
	i := s.start(rig.Options{Audit: audits})
	i.MustHear("the audit finds it", audited)
	switch eventType {
	case "ADDED":
		s.Create(key, "x")
	case "MODIFIED":
		s.Update(key)
	case "DELETED":
		s.Delete(key)
	}
	s.churn(2)
	s.converge()
	if n := i.Status().Differences; n != 1 {
		s.violate("row", "the audit has counted %d differences, want 1", n)
	}
}

// silentBackups are restored backups that a watch goes on over as if nothing had happened. Only an audit can tell.
var silentBackups = []scenario{
	{name: "versions-are-lower", slow: minutes, within: audited, play: func(s *S) { mixed(s, 10, 2) }},
	{name: "versions-are-lower-and-then-higher", slow: minutes, within: audited, play: func(s *S) {
		mixed(s, 5, 3)
		s.sleep(time.Minute)
		for range 10 {
			s.Update("one/stays")
		}
	}},
	{name: "versions-are-higher", slow: minutes, within: audited, play: func(s *S) { mixed(s, 3, 10) }},
}

// mixed is restored for informers with audits. What the server tells until then belongs to another history, so that the cache is a
// mixture.
func mixed(s *S, lost, written int) {
	s.disordered = true
	restored(s, lost, written, audits)
}
