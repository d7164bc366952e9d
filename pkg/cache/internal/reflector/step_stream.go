package reflector

import (
	"errors"
	"fmt"
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

const (
	// maxStreamFailures is how many streams in a row may fail, for reasons that say nothing about whether the server
	// streams lists, before pages are asked for instead.
	maxStreamFailures = 3
	// streamAgain is after what time a server that does not stream lists is asked again whether it does.
	streamAgain = time.Hour
)

func stepStreaming(s State, in input) (State, effects) {
	switch {
	case in.kind == streamTaken && versions.Older(in.version, s.List.At):
		return s.listAgain(newestVersion, in, staleVersion("the list", in.version, s.List.At))
	case in.kind == streamTaken:
		s.Phase, s.Stream.Failures, s.Stream.Refused = Replacing, 0, nil
		s.List.Version, s.List.Objects, s.List.Streamed = in.version, in.objects, true
		return s, effects{}
	case versionUnavailable(in.err) && s.List.At != newestVersion:
		return s.listAgain(newestVersion, in, in.err)
	case wrongRequest(in.err):
		s = s.refuseStreams(in)
		return s.begin(s.List.At, in.now), effects{report: s.Stream.Refused.Err, discard: true}
	case denied(in.err): // perhaps lists are not
		s.List.Paged = true
		return s.begin(s.List.At, in.now), effects{report: in.err, discard: true}
	case errors.Is(in.err, errStalled):
		s = s.refuseStreams(in)
		return s.listAgain(s.List.At, in, s.Stream.Refused.Err)
	}
	s.Stream.Failures++
	if s.Stream.Failures < maxStreamFailures {
		return s.listAgain(s.List.At, in, in.err)
	}
	if in.opened { // it begins and does not come to an end
		s = s.refuseStreams(in)
	}
	s.Stream.Failures, s.List.Paged = 0, true
	return s.listAgain(s.List.At, in, in.err)
}

// refuseStreams remembers that the server does not stream lists.
func (s State) refuseStreams(in input) State {
	s.Stream.Failures = 0
	s.Stream.Refused = &Refusal{Time: in.now, Err: fmt.Errorf("%w: %w", ErrStreamRefused, in.err)}
	return s
}
