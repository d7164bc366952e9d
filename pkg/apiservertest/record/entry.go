package record

import (
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Entry is one request. Entries that a Recorder hands out are copies; their slices must not be modified.
type Entry struct {
	// ID counts requests in the order in which they arrived, from 1.
	ID int64
	request.Info
	// Proto is the protocol of the request, such as HTTP/2.0.
	Proto string

	Start time.Time
	// Duration is from Start to when the handler was done; zero for a request that runs.
	Duration time.Duration
	Ending   Ending

	// Status is zero as long as no header was written.
	Status int
	// Received and Sent are bytes of the bodies: those that the server has read, and those that it has written.
	Received, Sent int64
	// Faults are the names of the rules that hit the request, in the order in which they did.
	Faults []string

	// FrameCount is how many frames the answer of a watch had; Frames are the newest of them, see Options.Frames.
	FrameCount int
	Frames     []Frame

	began, ended int64 // on the recorder's own clock, which tells apart what happens in one instant
}

// Ending is how the answer to a request ended, as far as the server knows.
type Ending string

// The endings.
const (
	Running  Ending = ""
	Complete Ending = "complete" // all was written
	Canceled Ending = "canceled" // the client, or the server as a whole, went away before
	Aborted  Ending = "aborted"  // broken off on purpose, by a fault
	Panicked Ending = "panicked"
)

// Frame is an event that a watch was sent.
type Frame struct {
	At   time.Time
	Size int
	// Type and what follows are empty if the frame is not what a watch consists of.
	Type            string
	Namespace, Name string
	UID             types.UID
	ResourceVersion string
}
