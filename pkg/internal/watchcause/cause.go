// Package watchcause has the types of the last cause in the Status of a watch's error event that the client made itself. The
// watches of pkg/rest send them; the reflector of pkg/cache, which takes watches from anywhere, tells by them what it missed.
// All have code 500 and reason InternalError; what the server sends as an error event is delivered as it is.
package watchcause

const (
	// Decoding says that what came over the stream could not be read as an event, and may have told of a change. It ends
	// the watch.
	Decoding = "ClientWatchDecoding"
	// Broken says that the stream broke. All events that arrived whole have been delivered, so that a watch from the last
	// resourceVersion misses nothing. It ends the watch.
	Broken = "ClientWatchBroken"
	// Undecodable says that an event arrived whole whose object could not be decoded, and which object that is: see
	// ParseUndecodable. The watch goes on with the next event.
	Undecodable = "ClientWatchUndecodable"
)
