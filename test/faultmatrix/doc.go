// Package faultmatrix is the proof that informers never lie: the rows of the fault matrix in RELIABILITY.md, 4, each played
// with informers of every kind against an API server that fails, and everything that was seen of them checked.
//
//	row ─▶ scenario: faults, writes ─▶ rig: server, informers, handlers ─▶ check: invariants I1 to I18 ─▶ table
//
// Each row is played in memory with fake time, and over TCP where it does not take minutes. All that is random comes from
// one seed, which every failure prints together with the command that replays it. Options are
//
//	-seed N     the only seed, that of a failure
//	-seeds N    how many seeds each case is played with in memory
//	-rig NAME   the only kind of informer
//	-net NAME   the only network, memory or tcp
//	-slow       over TCP also the cases that take minutes there
//	-soak D     how long TestSoak lasts
package faultmatrix
