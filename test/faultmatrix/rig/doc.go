// Package rig puts informers of each kind onto an API server for tests, writes to the server, and records what package
// check wants to know.
//
//	World ── requests without a connection ──▶ apiservertest.Server ◀── connections, faults ── Informer ──▶ Handler: calls
//	 └── keys, backups ──▶ check.History                                                          └──▶ snapshots, errors
//
// A World writes whatever happens to the network, so that the server changes while informers cannot reach it. An Informer
// has an HTTP client and a user agent of its own: rules of faults, and the record of requests, tell informers apart by it.
//
// Everything works in a bubble of testing/synctest, with fake time, and over TCP.
package rig
