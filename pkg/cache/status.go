package cache

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// InformerState is what an informer is doing.
type InformerState string

const (
	// InformerNotStarted is the state before the informer runs.
	InformerNotStarted InformerState = "not started"
	// InformerListing is asking for the collection.
	InformerListing InformerState = "listing"
	// InformerWatching is following changes, or opening the watch that will.
	InformerWatching InformerState = "watching"
	// InformerBackingOff is waiting after an error.
	InformerBackingOff InformerState = "backing off"
	// InformerStopped is the end.
	InformerStopped InformerState = "stopped"
)

// InformerStatus is how an informer fares at one moment.
type InformerStatus struct {
	// Name is what the informer is called in messages: its InformerName and resource, or the type of its objects.
	Name string
	// State is what it is doing, and Since is when it began to.
	State InformerState
	Since time.Time
	// Synced says whether the cache has taken a complete list.
	Synced bool
	// Version is the resource version that the cache has reached; empty before the first list.
	Version string
	// Heard is when the server last sent anything: a list, an event or a bookmark, which comes about every minute.
	Heard time.Time
	// Failures is how many attempts have failed since one succeeded, and LastError is the last error of list or watch,
	// also when all is well again; nil if there was none.
	Failures  int
	LastError *InformerError
	// Lists is how many complete lists the cache has taken. All but the first were to repair something. Watches is how many
	// watches were opened, those included that began with a list.
	Lists   int
	Watches int
	// Streaming says whether the collection is asked for as the beginning of a watch (KEP-3157). If the server does not
	// do that, StreamingRefused says why.
	Streaming        bool
	StreamingRefused error
	// Objects is how many objects the cache has.
	Objects int
	// Backlog is how many changes wait for the cache, and HandlerBacklog how many notifications wait for the handler that
	// is most behind; HandlerDelay is how long the oldest of these has waited.
	Backlog        int
	HandlerBacklog int
	HandlerDelay   time.Duration
	// Quarantined are the objects that the server has and that could not be decoded. The cache has the last state of them
	// that could, or nothing: it is incomplete.
	Quarantined []QuarantinedObject
	// QuarantinedMore is how many more there are, which are only counted: if there are more than 10,000 then Quarantined
	// does not have them, and nothing that a list does not have is taken for deleted.
	QuarantinedMore int
	// Differences is how many objects audits have found to differ from the server, and repaired (InformerTuning.Audit).
	Differences int
	// Panics is how often handlers have panicked.
	Panics int
	// Dropped is how many events were dropped since the cache had a newer state of the object: the server has sent events
	// twice, or in another order than they happened in. The informer has then listed again.
	Dropped int
}

// QuarantinedObject is an object that could not be decoded.
type QuarantinedObject struct {
	Namespace, Name string
	UID             types.UID
	// Version is the resource version of the state that could not be decoded.
	Version string
	// Since is when such a state was first seen, and Err is what is wrong with it, only as a text if that is long.
	Since time.Time
	Err   error
}

// HealthOptions say what is healthy. The zero value is fine.
type HealthOptions struct {
	// Silence is how long the server may send nothing. Zero is five minutes, some bookmarks; negative is for ever.
	Silence time.Duration
	// HandlerDelay is how long a notification may wait for its handler. Zero is for ever.
	HandlerDelay time.Duration
	// AllowIncomplete accepts caches with quarantined objects.
	AllowIncomplete bool
}

const defaultSilence = 5 * time.Minute

// Check returns nil if the informer is healthy at the given time, and else an error that says all that is not: it has
// not synced, does not run, has heard nothing for too long, is incomplete, or a handler is too far behind.
func (s InformerStatus) Check(now time.Time, options HealthOptions) error {
	var problems []string
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	silence := options.Silence
	if silence == 0 {
		silence = defaultSilence
	}
	switch {
	case s.State == InformerNotStarted, s.State == InformerStopped:
		problem("is %s", s.State)
	case !s.Synced:
		problem("has not synced, %s for %v", s.State, now.Sub(s.Since).Round(time.Second))
	case silence > 0 && now.Sub(s.Heard) > silence:
		problem("has heard nothing from the server for %v, its cache may be stale", now.Sub(s.Heard).Round(time.Second))
	}
	if n := len(s.Quarantined) + s.QuarantinedMore; n > 0 && !options.AllowIncomplete {
		example := ""
		if len(s.Quarantined) > 0 {
			example = ", for example " + s.Quarantined[0].key()
		}
		problem("is incomplete, since it could not decode %d of its objects%s", n, example)
	}
	if options.HandlerDelay > 0 && s.HandlerDelay > options.HandlerDelay {
		problem("has a handler that is %v behind", s.HandlerDelay.Round(time.Second))
	}
	if len(problems) == 0 {
		return nil
	}
	err := &UnhealthyError{Informer: s.Name, Problems: problems}
	if s.Failures > 0 && s.LastError != nil {
		err.Err = s.LastError.Err
	}
	return err
}

func (q QuarantinedObject) key() string { return NewObjectName(q.Namespace, q.Name).String() }

// UnhealthyError says what is wrong with an informer.
type UnhealthyError struct {
	// Informer is its name.
	Informer string
	// Problems are what is wrong, each in words that follow the name.
	Problems []string
	// Err is the error that list or watch keep failing with; nil if they do not.
	Err error
}

// Error implements error.
func (e *UnhealthyError) Error() string {
	text := fmt.Sprintf("informer %s %s", e.Informer, strings.Join(e.Problems, ", and "))
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *UnhealthyError) Unwrap() error { return e.Err }
