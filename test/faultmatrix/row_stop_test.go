package faultmatrix

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// stops: wherever an informer is told to stop, it does so at once, and leaves nothing behind (R17, R18, P12).
var stops = []scenario{
	{name: "at-any-time", play: func(s *S) {
		// Times at which a healthy informer, and one in trouble, are at different points.
		for n, after := range []time.Duration{0, 1, time.Millisecond, 10 * time.Millisecond, time.Second, time.Minute, 6 * time.Minute} {
			for _, trouble := range []fault.Effect{nil, fault.Status(http.StatusServiceUnavailable, ""), fault.Trickle(30, 50*time.Millisecond), fault.Blackhole(fault.Both)} {
				verb := []string{"list", "watch"}[n%2]
				s.stopped(rig.Options{}, func(i *rig.Informer) {
					if trouble != nil {
						s.optional(s.onlyOf(i, verb, trouble))
					}
					i.Start()
					s.write(3)
					s.sleep(after)
				})
			}
		}
	}},
	{name: "within-requests", play: func(s *S) {
		for _, verb := range []string{"list", "watch"} {
			for _, effect := range stopEffects {
				s.stopped(rig.Options{}, func(i *rig.Informer) {
					s.optional(s.onlyOf(i, verb, effect(i.Cancel)))
					i.Start()
					s.write(3)
					s.writers.Wait()
					s.sleep(2 * time.Second)
				})
			}
		}
	}},
	{name: "within-calls", play: func(s *S) {
		for at := range int32(4) {
			var n atomic.Int32
			var i *rig.Informer
			reached := func() {
				if n.Add(1) == at+1 {
					i.Cancel()
				}
			}
			for _, in := range []struct {
				call    string
				options rig.Options
			}{
				{"of a transform", rig.Options{Transform: func(check.Object) { reached() }}},
				{"of an index", rig.Options{Indexers: cache.Indexers{"counting": func(any) ([]string, error) { reached(); return nil, nil }}}},
				{"of the error handler", rig.Options{OnError: func(error) { reached() }}},
				{"of a handler", rig.Options{}},
			} {
				n.Store(0)
				s.stopped(in.options, func(made *rig.Informer) {
					i = made
					if in.call == "of a handler" {
						s.handle(i, "cancelling", rig.HandlerOptions{During: func(int, check.Call) { reached() }})
					}
					if in.call == "of the error handler" {
						s.optional(s.rule(fault.Rule{Match: request.Match{UserAgent: i.Name}, Times: 6, Effect: fault.Status(http.StatusInternalServerError, "")}))
					}
					i.Start()
					s.write(4)
					s.writers.Wait()
					s.sleep(20 * time.Second)
				})
			}
		}
	}},
	{name: "while-handlers-come", play: func(s *S) {
		for range 5 {
			var busy sync.WaitGroup
			s.stopped(rig.Options{}, func(i *rig.Informer) {
				for n := range 4 {
					busy.Go(func() {
						for k := range 20 {
							if _, err := i.Handle(fmt.Sprint("late-", n, "-", k), rig.HandlerOptions{}); err != nil {
								return
							}
							time.Sleep(time.Microsecond)
						}
					})
				}
				i.Start()
				s.write(3)
				s.sleep(s.upTo(time.Second))
			})
			busy.Wait()
		}
	}},
	{name: "before-the-start", play: func(s *S) {
		i := s.informer(rig.Options{})
		i.Start()
		i.Cancel()
		i.Stop(s.stopWithin())
	}},
}

// onlyOf is on for all lists, or watches, of one informer.
func (s *S) onlyOf(i *rig.Informer, what string, effect fault.Effect) *fault.Fault {
	match := requests(what)
	match.UserAgent = i.Name
	return s.rule(fault.Rule{Match: match, Effect: effect})
}

// stopped makes an informer, lets something happen to it, and stops it.
func (s *S) stopped(o rig.Options, happens func(*rig.Informer)) {
	s.churn(3)
	i := s.informer(o)
	happens(i)
	i.Stop(s.stopWithin())
	s.writers.Wait()
}

// stopEffects cancel an informer at points of one of its requests.
var stopEffects = []func(cancel func()) fault.Effect{
	func(cancel func()) fault.Effect { // when it has come
		return fault.Before(func(*fault.Exchange) { cancel() })
	},
	func(cancel func()) fault.Effect { // when it is answered
		return fault.Header(func(int, http.Header) { cancel() })
	},
	func(cancel func()) fault.Effect { // at an event
		return fault.EachEvent(func(s *fault.Stream, e fault.Event) error { cancel(); return s.Send(e.Frame) })
	},
	func(cancel func()) fault.Effect { // within an event
		return fault.EachEvent(func(s *fault.Stream, e fault.Event) error {
			err := s.Send(e.Frame[:len(e.Frame)/2])
			cancel()
			return err
		})
	},
	func(cancel func()) fault.Effect { // within the body
		return fault.Then(fault.Before(func(*fault.Exchange) { time.AfterFunc(time.Second, cancel) }), fault.Trickle(10, 20*time.Millisecond))
	},
}
