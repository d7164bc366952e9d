package reflector

import (
	"fmt"
	"time"
)

// Stage is where something failed.
type Stage uint8

const (
	// StageList is a list, or a page of one.
	StageList Stage = iota
	// StageStream is a list that was asked for as a stream (KEP-3157).
	StageStream
	// StageWatch is a watch that could not be opened, or whose connection was of no more use.
	StageWatch
	// StageEvent is what came over a watch: an error of the server, or a change that cannot be known from it.
	StageEvent
	// StageDecode is an object that could not be decoded, and is left out.
	StageDecode
	// StageApply is the sink, which did not take what it was given.
	StageApply
	// StageAudit is a comparison of sink and server, or what it found.
	StageAudit
)

func (s Stage) String() string {
	names := [...]string{"list", "streaming list", "watch", "watch event", "decode", "apply", "audit"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("stage %d", s)
}

// Failure is an error and what the reflector makes of it.
type Failure struct { //nolint:errname // it is what happened, with an error in it; that it is one too lets it be wrapped
	Stage Stage
	Err   error
	Time  time.Time
	// Attempt counts the failures since something last went well, this one included. It is zero for what does not hold
	// up the reflector: an object that was left out, an audit that did not come about.
	Attempt int
	// RetryIn is how long the reflector waits before it goes on; zero if it goes on at once.
	RetryIn time.Duration
}

func (f Failure) Error() string { return f.Stage.String() + ": " + f.Err.Error() }

// Unwrap returns the error itself.
func (f Failure) Unwrap() error { return f.Err }
