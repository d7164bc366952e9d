// Package metrics is where clients report how they fare, for any metrics system: they observe values, an adapter that the
// program registers stores them.
//
//	rest, transport, credential plugins ── Observe, Increment ──▶ variables of this package ──▶ adapter (Prometheus, ...)
//
// Until Register is called, all that is observed is discarded. What clients pass as labels is bounded and holds no secrets:
// hosts come without user information, URLs without query and with {namespace}, {name} and the like in place of what
// differs from object to object.
package metrics
