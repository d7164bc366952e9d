// Package faultmatrix is the proof that informers never lie: the rows of the fault matrix in RELIABILITY.md, 4, each played
// with informers of every kind against an API server that fails, and everything that was seen of them checked.
//
//	flags ─▶ choice: rows, kinds, networks, seeds
//	            │ runs
//	            ▼
//	row ─▶ scenario ──faults, writes──▶ rig: server ◀──requests── informers ──calls──▶ handlers
//	            │ demands                  │ history, record        │ caches, errors      │ what they were told
//	            └──────────────────────────┴──────────┬─────────────┴─────────────────────┘
//	                                                  ▼
//	                                     check: invariants I1 to I18 ─▶ violations, replay command ─▶ table
//
// A row is a file, or a part of one, with a list of scenarios. Each is played in memory with fake time, and over TCP where
// it does not take minutes. All that is random comes from one seed, which every failure prints together with the command that
// replays it. FuzzProgram plays scenarios that a fuzzer writes, against the same invariants; TestSoak plays one that is random and
// long. Options are
//
//	-seed N     the only seed, that of a failure
//	-seeds N    how many seeds each case is played with in memory; with several, one is random
//	-kinds N    how many kinds of informer each case is played with in memory, 0 for all
//	-rig NAME   the only kind of informer
//	-net NAME   the only network, memory or tcp
//	-slow       over TCP also the cases that take minutes there, all with its full numbers, and, without -race, what takes some GB
//	-soak D     how long TestSoak lasts
package faultmatrix
