// Package broadcast tells any number of listeners what has happened, without ever waiting for one.
//
//	Publish ──▶ Broadcast ─┬─▶ last 256 ──▶ Listen ──▶ loop of a listener
//	                       └─▶ last 256 ──▶ Listen ──▶ loop of a listener
//
// A listener that is too slow loses the oldest of what waits for it, and is told how many it has lost. Without listeners
// nothing is kept.
package broadcast
