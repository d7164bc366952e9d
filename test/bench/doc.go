// Package bench measures Kubewright beside client-go, and both beside what a program costs that has no client at all, only
// net/http and encoding/json: the same calls, on the same bytes, with the same options, in the same run. What counts is the
// ratio to client-go; times of one machine mean little on another.
//
//	                     ┌─▶ kubewright ─┐
//	Benchmark… ── call ──┼─▶ client-go ──┼──▶ canned transport, or HTTPS with HTTP/2 to a server in a process of its own
//	                     └─▶ bare ───────┘
//
// A benchmark of calls is named Benchmark<Verb>/<kind>/<encoding>/<transport>/<stack>. Before it is measured, all stacks do the call
// once and must return equal results (calls_test.go). The stack bare has JSON only. Beside wall time and allocations it reports cpu-ns/op, the CPU time
// of the whole process, so that work which is moved to other goroutines or to the garbage collector is not forgotten; the
// server's is not in it.
//
// Benchmarks of informers begin with BenchmarkInformer and compare two stacks, on 20,000 pods that look like those of a cluster.
//
//	BenchmarkInformerSync, Events      client process ── HTTPS ──▶ object server, in the process of the loopback server
//	BenchmarkInformerLister, Indexer,  in this process, on objects: no encoding, no network
//	  Readers, Handlers, AddEventHandler
//
// How an informer fills its cache and follows changes is measured in a process in which nothing else happens (runClient), so
// that CPU time and memory are those of the client alone. peak-MB is by how much its resident memory grows at most, held-kB/pod
// what the heap holds in the end, without garbage. The object server can list in one piece and in pages, stream a list, and send
// updates as fast as they are read; it puts its answers together from pods that it has encoded before (objectServer).
//
// With KUBEWRIGHT_BENCH_PROFILE=<directory>, client processes leave profiles there:
//
//	mkdir -p /tmp/p && KUBEWRIGHT_BENCH_PROFILE=/tmp/p go test -run '^$' -bench InformerEvents -benchtime 1x . && go tool pprof -top /tmp/p/events-json-kubewright.cpu
//
// cmd/ratio runs the benchmarks interleaved, each in a process of its own, and prints the ratios of the medians:
//
//	go run ./cmd/ratio
//
// size/ holds two programs that get a ConfigMap, one per stack. How large they are is no matter of the machine: a test
// (size_test.go) says how large ours may be.
package bench
