// Package bench measures Kubewright beside client-go, and both beside what a program costs that has no client at all, only
// net/http and encoding/json: the same calls, on the same bytes, with the same options, in the same run. What counts is the
// ratio to client-go; times of one machine mean little on another.
//
//	                     ┌─▶ kubewright ─┐
//	Benchmark… ── call ──┼─▶ client-go ──┼──▶ canned transport, or HTTPS with HTTP/2 to a server in a process of its own
//	                     └─▶ bare ───────┘
//
// A benchmark is named Benchmark<Verb>/<kind>/<encoding>/<transport>/<stack>. Before it is measured, all stacks do the call
// once and must return equal results (calls_test.go). The stack bare has JSON only. Beside wall time and allocations it reports cpu-ns/op, the CPU time
// of the whole process, so that work which is moved to other goroutines or to the garbage collector is not forgotten; the
// server's is not in it.
//
// cmd/ratio runs the benchmarks interleaved, each in a process of its own, and prints the ratios of the medians:
//
//	go run ./cmd/ratio
//
// size/ holds two programs that get a ConfigMap, one per stack. How large they are is no matter of the machine: a test
// (size_test.go) says how large ours may be.
package bench
