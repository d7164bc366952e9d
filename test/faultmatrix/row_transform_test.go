package faultmatrix

import (
	"errors"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// transforms: one sees each object once (P10), and an object that it refuses, or makes useless, is like one that cannot be
// decoded.
var transforms = []scenario{
	{name: "transform", play: func(s *S) { followTransformed(s, rig.Options{Transform: slim}) }},
	{name: "transform-changes-the-type", rigs: func(k rig.Kind) bool { return !typedKind(k) }, play: func(s *S) {
		followTransformed(s, rig.Options{Replace: onlyMetadata})
	}},
	{name: "transform-changes-the-type-of-typed-objects", rigs: typedKind, play: func(s *S) { refuseOne(s, onlyMetadata) }},
	{name: "transform-returns-no-object", play: func(s *S) { refuseOne(s, func(check.Object) (any, error) { return "no object", nil }) }},
	{name: "transform-returns-nothing", play: func(s *S) { refuseOne(s, func(check.Object) (any, error) { return nil, nil }) }},
	{name: "transform-fails", play: func(s *S) { refuseOne(s, func(check.Object) (any, error) { return nil, errors.New("not this one") }) }},
	{name: "transform-panics", play: func(s *S) { refuseOne(s, func(check.Object) (any, error) { panic("not this one") }) }},
}

func typedKind(k rig.Kind) bool { return k.Name == "typed-json" || k.Name == "typed-protobuf" }

// slim is a transform that shows if it is applied twice.
func slim(o check.Object) {
	o.SetManagedFields(nil)
	annotations := map[string]string{"transformed": o.GetAnnotations()["transformed"] + "once"}
	o.SetAnnotations(annotations)
}

// onlyMetadata is a transform that keeps nothing else.
func onlyMetadata(o check.Object) (any, error) { return meta.AsPartialObjectMetadata(o), nil }

// followTransformed lets an informer with a transform follow the server, with lists and events.
func followTransformed(s *S, o rig.Options) {
	s.churn(10)
	i := s.start(o)
	for range s.times(3) {
		s.churn(5)
		s.down(i, 5, s.Compact)
	}
}

// refuseOne has a transform that does something bad with one object, for a while.
func refuseOne(s *S, bad func(check.Object) (any, error)) {
	s.except = map[string]bool{poisoned: true}
	var refuse atomic.Bool
	refuse.Store(true)
	s.Create(poisoned, "x")
	s.churn(10)
	i := s.informer(rig.Options{Replace: func(o check.Object) (any, error) {
		if refuse.Load() && rig.Key(o) == poisoned {
			return bad(o)
		}
		return o, nil
	}})
	i.MustHear("a transform fails", aWait)
	i.Start()
	s.othersFlow(i)
	s.quarantined(i, fault.Undecodable, 1)
	s.Update(poisoned)
	s.churn(5)
	s.othersFlow(i)
	refuse.Store(false)
	s.sleep(time.Second)
	s.Update(poisoned)
	s.converge()
	s.quarantined(i, fault.Undecodable, 0)
}
