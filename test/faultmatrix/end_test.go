package faultmatrix

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// end takes the faults away, and checks everything: the informers have to get where the server is, a handler that comes now
// has to be told all, and nothing is left when they are stopped.
func (s *S) end() []check.Violation {
	s.writers.Wait()
	s.must(s.Start())
	for _, f := range s.rules {
		s.hit(f, 1, s.within())
	}
	s.Faults().RemoveAll()
	s.converge()
	for _, i := range s.informers {
		if !i.IsStopped() {
			s.handle(i, "late", rig.HandlerOptions{})
		}
	}
	s.converge()
	s.await(s.within(), func() bool { // for what must become true; whether it has is checked with the rest
		for _, i := range s.informers {
			if !i.IsStopped() && (!i.Synced() || !i.HeardAll()) {
				return false
			}
		}
		return true
	})

	server := s.State()
	result := check.Run{Server: server}
	final := map[*rig.Informer]check.Objects{}
	for _, i := range s.informers {
		if !i.IsStopped() {
			final[i] = i.Cache()
			i.CheckIndexes()
			s.checkStatus(i, len(final[i]))
		}
	}
	for _, i := range s.informers {
		i.Stop(s.stopWithin())
	}
	s.settle()
	if s.fake {
		result.Left = rig.GoroutinesLeft()
	}
	closed := func() bool {
		for _, i := range s.informers {
			i.CloseConnections()
		}
		if s.shared != nil {
			s.shared.CloseIdleConnections()
		}
		return len(rig.ConnectionsLeft(s.Server)) == 0
	}
	// Where both sides close at once, TLS waits 5 seconds for a connection that has no buffer to take its last words.
	if !s.await(10*time.Second, closed) {
		result.Left = append(result.Left, rig.ConnectionsLeft(s.Server)...)
	}
	result.History = s.History()
	result.Informers = rig.Report(s.World, s.informers, final)
	for n, i := range result.Informers {
		i.Disordered, i.Except, i.Envelope, i.MustSync = s.disordered, s.except, usual, i.Final != nil
		if s.envelope != nil {
			i.Envelope = *s.envelope
		}
		for _, h := range i.Handlers {
			if i.Final == nil { // it was stopped before the end
				h.Until = check.Removal
			}
			h.MustSync = h.Until == check.End
		}
		panics := s.informers[n].TakePanics()
		result.Panics = append(result.Panics, panics[min(s.panics, len(panics)):]...)
	}
	s.Close()
	return append(s.violations, result.Check()...)
}

// checkStatus wants that an informer for which all is well says so, at once if the clock is ours: over TCP a bookmark may be on
// its way to the cache (I14).
func (s *S) checkStatus(i *rig.Informer, objects int) {
	var status cache.InformerStatus
	well := func() bool {
		status = i.Status()
		return status.Synced && status.Objects == objects && len(status.Quarantined) == 0 && status.Backlog == 0 && status.HandlerBacklog == 0
	}
	if !well() && (s.fake || !s.await(s.within(), well)) {
		s.violate("I14", "all is well, with %d objects, and the informer says %+v", objects, status)
	}
}

// story is what the informers asked for last, and what became of it, for whoever looks for the cause of a violation.
func (s *S) story() string {
	const most = 12
	var all []string
	var begin time.Time
	for e := range s.Record().Entries(request.Match{UserAgent: rig.UserAgents}) {
		if begin.IsZero() {
			begin = e.Start
		}
		all = append(all, fmt.Sprintf("  at %v %s by %s, version %q: status %d, %s after %v, %d frames, faults %q\n",
			e.Start.Sub(begin), e.Info, e.UserAgent, e.Query.Get("resourceVersion"), e.Status, e.Ending, e.Duration, e.FrameCount, e.Faults))
	}
	for _, i := range s.informers[:min(1, len(s.informers))] {
		heard := i.Heard()
		for _, h := range heard[max(0, len(heard)-most):] {
			all = append(all, fmt.Sprintf("  at %v error %v\n", h.At.Sub(begin), h.Err))
		}
	}
	return strings.Join(all[max(0, len(all)-2*most):], "")
}

// stopWithin is how long an informer may take to stop: no time at all, which only fake time can tell from a little.
func (s *S) stopWithin() time.Duration {
	if s.fake {
		return 0
	}
	return 30 * time.Second
}

// ofPages is the envelope of lists in pages, which follow each other at once.
var ofPages = check.Envelope{Pause: usual.Pause}

// usual is the envelope of requests unless a row says otherwise. Waits after errors are 0.8 seconds at first, twice that
// after the next one, and so on; within an attempt, a request may be sent several times.
var usual = check.Envelope{
	Limits: []check.Limit{{Count: 15, In: 5 * time.Second}, {Count: 40, In: time.Minute}, {Count: 150, In: 10 * time.Minute}},
	Pause:  50 * time.Millisecond,
}
