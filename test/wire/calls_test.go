package wire

import (
	"fmt"
	"reflect"
)

// step is a call of a method. Tables name methods instead of calling them, so that each call is written once and run on the
// types of both stacks.
type step struct {
	method string
	args   []any
}

func call(method string, args ...any) step { return step{method, args} }

// steps is a chain of calls, each on what the one before returned.
type steps []step

// chain returns a chain of calls.
func chain(s ...step) steps { return s }

// fresh is an argument that is made anew for each stack, such as a reader.
type fresh func() any

// on calls the steps one after the other and returns what the last one returned.
func (s steps) on(receiver any) ([]any, error) {
	results := []any{receiver}
	for _, step := range s {
		var err error
		if results, err = step.on(results[0]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (s step) on(receiver any) ([]any, error) {
	method := reflect.ValueOf(receiver).MethodByName(s.method)
	if !method.IsValid() {
		return nil, fmt.Errorf("%T has no method %s", receiver, s.method)
	}
	args := make([]reflect.Value, len(s.args))
	for i, arg := range s.args {
		want, err := parameter(method.Type(), i)
		if err != nil {
			return nil, fmt.Errorf("%T.%s: %w", receiver, s.method, err)
		}
		if args[i], err = argument(arg, want); err != nil {
			return nil, fmt.Errorf("%T.%s: %w", receiver, s.method, err)
		}
	}
	needed := method.Type().NumIn()
	if method.Type().IsVariadic() {
		needed--
	}
	if len(args) < needed {
		return nil, fmt.Errorf("%T.%s: %d arguments, want %d", receiver, s.method, len(args), needed)
	}
	var results []any
	for _, result := range method.Call(args) {
		results = append(results, result.Interface())
	}
	return results, nil
}

// parameter returns the type of the i-th argument of a call.
func parameter(method reflect.Type, i int) (reflect.Type, error) {
	last := method.NumIn() - 1
	switch {
	case method.IsVariadic() && i >= last:
		return method.In(last).Elem(), nil
	case i > last:
		return nil, fmt.Errorf("more than %d arguments", last+1)
	}
	return method.In(i), nil
}

func argument(arg any, want reflect.Type) (reflect.Value, error) {
	if f, ok := arg.(fresh); ok {
		arg = f()
	}
	if arg == nil {
		return reflect.Zero(want), nil
	}
	v := reflect.ValueOf(arg)
	switch {
	case v.Type().AssignableTo(want):
		return v, nil
	case v.CanConvert(want):
		return v.Convert(want), nil
	}
	return v, fmt.Errorf("%T where %s is wanted", arg, want)
}
