package faultmatrix

import (
	"fmt"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// endlessLists: a list that does not end is given up, and a later one taken (R20, I9).
var endlessLists = []scenario{
	{name: "dripping", pages: true, slow: minutes, within: 2*listDeadline + patience, play: func(s *S) {
		s.churn(10)
		s.on("list", s.times(2), fault.EndlessList(time.Second))
		i := s.informer(rig.Options{})
		i.MustHear("a list drips", listDeadline+time.Second)
		i.Start()
		s.write(5)
	}},
	{name: "same-token", play: func(s *S) { endlessPages(s, fault.RepeatContinue("again"), 2*s.times(3)) }},
	{name: "new-tokens", play: func(s *S) { endlessPages(s, fault.EndlessPages(), 50+s.Random.IntN(50)) }},
	{name: "new-tokens-to-the-bound", deep: true, hours: "ten thousand requests take as long as a machine likes, and the error has to come in minutes", rigs: func(k rig.Kind) bool { return k.Name == "typed-json" }, play: func(s *S) {
		endlessPages(s, fault.EndlessPages(), 10_000)
	}},
}

// endlessPages lets lists have pages without end, until so many were asked for; then they are as they should be.
func endlessPages(s *S, effect fault.Effect, pages int) {
	s.Create("one/only", "x")
	s.Create("two/other", "y")
	s.envelope = &ofPages
	rule := s.on("list", pages, effect)
	i := s.informer(rig.Options{PageSize: 1})
	i.MustHear("a list does not end", 5*time.Minute)
	i.Start()
	s.hit(rule, pages, 10*time.Minute)
	s.converge()
}

// expiredTokens: a page that cannot be had any more makes the list begin again; pages of two snapshots are never mixed.
var expiredTokens = []scenario{
	{name: "token-is-not-understood", play: func(s *S) {
		// As after an upgrade that changes what tokens look like: 400, for this token, for ever.
		s.Create("one/a", "x")
		s.Create("one/b", "y")
		s.Create("one/c", "y")
		spoiled := s.on("list", 1, fault.EditList(func(list map[string]any) {
			list["metadata"].(map[string]any)["continue"] = "spoiled"
		}))
		i := s.informer(rig.Options{PageSize: 1})
		i.MustHear("400", aWait)
		i.Start()
		s.hit(spoiled, 1, time.Minute)
	}},
	{name: "at-a-page", play: func(s *S) {
		pages(s, 1+s.times(4), fault.Before(func(*fault.Exchange) {
			s.churn(4)
			s.Compact()
		}))
	}},
	{name: "again-and-again", play: func(s *S) {
		s.envelope = &ofPages
		rule := s.onPage(0, 3, fault.Before(func(*fault.Exchange) {
			s.churn(4)
			s.Compact()
		}))
		s.Create("one/first", "x")
		s.Create("one/second", "y")
		s.churn(20)
		i := s.informer(rig.Options{PageSize: 1})
		i.MustHear("a token expires", aWait)
		i.Start()
		s.hit(rule, 1, 5*time.Minute)
	}},
	{name: "server-restarted", play: func(s *S) {
		pages(s, 1, func(x *fault.Exchange) {
			s.churn(4)
			x.End(fault.Reset)
		})
	}},
}

// pages has an informer list in pages, and something happen at the n-th that is not the first.
func pages(s *S, n int, effect fault.Effect) {
	s.envelope = &ofPages
	rule := s.onPage(n-1, 1, effect)
	s.optional(rule) // there may be fewer pages
	for range 3 {
		s.churn(20)
	}
	i := s.informer(rig.Options{PageSize: 1})
	i.Start()
	s.await(time.Minute, func() bool { return rule.Hits() > 0 || i.HasSynced() })
	s.converge()
}

// onPage is rule for pages other than the first.
func (s *S) onPage(skip, times int, effect fault.Effect) *fault.Fault {
	return s.rule(fault.Rule{
		Match:  request.Match{Verbs: []string{"list"}, Where: func(r request.Info) bool { return r.Query.Get("continue") != "" }},
		Skip:   skip,
		Times:  times,
		Effect: effect,
	})
}

// betweenRequests: what changes while an informer lists, and before it watches, is not missed (F2).
var betweenRequests = []scenario{
	{name: "between-pages", play: func(s *S) { pages(s, s.times(3), fault.Before(func(*fault.Exchange) { s.churn(6) })) }},
	{name: "before-every-page", play: func(s *S) {
		s.envelope = &ofPages
		s.onPage(0, 0, fault.Before(func(*fault.Exchange) { s.Churn(s.Random, 1) }))
		for n := range 3 {
			s.Create(fmt.Sprint("one/always-", n), "x")
		}
		for range 3 {
			s.churn(20)
		}
		s.start(rig.Options{PageSize: 2})
	}},
	{name: "before-the-list", play: func(s *S) {
		s.on("list", 1, fault.Before(func(*fault.Exchange) { s.churn(6) }))
		s.churn(10)
		s.start(rig.Options{})
	}},
	{name: "behind-the-list", pages: true, play: func(s *S) {
		s.on("list", 1, fault.After(func(*fault.Exchange) { s.churn(6) }))
		s.churn(10)
		s.start(rig.Options{})
	}},
	{name: "before-the-watch", pages: true, play: func(s *S) {
		s.Create("one/deleted-in-between", "x")
		s.on("watch", 1, fault.Before(func(*fault.Exchange) {
			s.churn(6)
			s.Delete("one/deleted-in-between")
		}))
		s.churn(10)
		s.start(rig.Options{})
	}},
	{name: "before-the-watch-and-forgotten", pages: true, play: func(s *S) {
		s.Create("one/deleted-in-between", "x")
		s.on("watch", 1, fault.Before(func(*fault.Exchange) {
			s.churn(6)
			s.Delete("one/deleted-in-between")
			s.Compact()
		}))
		s.churn(10)
		s.start(rig.Options{})
	}},
	{name: "all-the-time", play: func(s *S) {
		s.envelope = &ofPages
		s.on("", 0, fault.Before(func(*fault.Exchange) { s.Churn(s.Random, 1) }))
		s.churn(10)
		i := s.start(rig.Options{PageSize: 3})
		for range s.times(3) {
			s.down(i, 2, s.Compact)
		}
	}},
}
