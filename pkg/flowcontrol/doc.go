// Package flowcontrol limits the rate at which a client sends requests, so that one busy program does not starve the
// others of an API server.
//
//	caller ── Wait(ctx) ──▶ token bucket (burst tokens, refilled at QPS per second) ──▶ request
//
// A bucket belongs to whoever holds it: clients that shall share a budget are given the same RateLimiter.
package flowcontrol
