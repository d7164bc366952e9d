package reflector

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// Audit compares at times what the sink has with what the server has. It finds what no watch can: changes that the
// server has lost on the way. What differs is reported, and repaired by a list of the newest version.
type Audit struct {
	// Interval is how long to wait between two audits, give or take half of it at random. Zero: there are none.
	Interval time.Duration
	// Source tells what the server has. It must select the same objects as the reflector's.
	Source AuditSource
	// Content tells what the sink has.
	Content Content
}

// AuditSource lists the versions of a collection.
type AuditSource interface {
	// Versions calls each for every object of the collection as of now, one after the other, and returns the version of
	// the list. Keys are namespace/name, or the name alone.
	Versions(ctx context.Context, each func(key string, uid types.UID, version string)) (listVersion string, err error)
}

// Content is what an audited sink has. Its methods are called from a goroutine of the audit's, while the reflector goes
// on to call the sink.
type Content interface {
	// Version is a version that the content has reached: everything before it, in the order in which the reflector
	// gave it to the sink, shows in Content.
	Version() string
	// Content calls each for every object, each with a version that it has, or has just had.
	Content(each func(key string, uid types.UID, version string))
}

// Difference is an object that is not the same in the sink as on the server.
type Difference struct {
	Key string
	// Server and Sink are the versions of the object there; empty where it is missing.
	Server, Sink string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s is %q, not %q", d.Key, d.Sink, d.Server)
}

// DifferenceError says what an audit has found.
type DifferenceError struct {
	// Differences are the first of them, by key, and Total is how many there are.
	Differences []Difference
	Total       int
}

func (e *DifferenceError) Error() string {
	const names = 5
	var some []string
	for _, d := range e.Differences[:min(len(e.Differences), names)] {
		some = append(some, d.String())
	}
	if e.Total > len(some) {
		some = append(some, "...")
	}
	return fmt.Sprintf("%d objects are not what the server has: %s", e.Total, strings.Join(some, ", "))
}
