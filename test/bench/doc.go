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
// SyncOf has other populations: pods of one deployment, strangers, which are pods without replicas, and small ConfigMaps whose
// data is all their own (populations).
//
//	BenchmarkInformerSync, SyncOf,     client process ── HTTPS ──▶ object server, in the process of the loopback server
//	  Events
//	BenchmarkInformerLister, Indexer,  in this process, on objects: no encoding, no network
//	  Readers, Handlers, AddEventHandler
//
// How an informer fills its cache and follows changes is measured in a process in which nothing else happens (runClient), so
// that CPU time and memory are those of the client alone. peak-MB is by how much its resident memory grows at most, held-kB/object
// what the heap holds in the end, without garbage. The object server can list in one piece and in pages, stream a list, and send
// updates as fast as they are read; it puts its answers together from objects that it has encoded before (objectServer).
//
// With KUBEWRIGHT_BENCH_PROFILE=<directory>, client processes leave profiles there:
//
//	mkdir -p /tmp/p && KUBEWRIGHT_BENCH_PROFILE=/tmp/p go test -run '^$' -bench InformerEvents -benchtime 1x . && go tool pprof -top /tmp/p/events-json-kubewright.cpu
//
// cmd/ratio runs the benchmarks interleaved, each in a process of its own, and prints the ratios of the medians:
//
//	go run ./cmd/ratio
//
// What came out for informers on 2026-11-28, on two shared cores of an AMD EPYC, with go1.26.8: medians of five runs, Kubewright in
// units of client-go v0.37.2, by how a cache is filled, or with what. Memory and allocations are about the same from run to run. CPU
// time is not, by a tenth, nor is client-go's peak, which depends on when its garbage was last collected.
//
//	                          CPU   allocations   bytes   held   peak
//	JSON      list            0.38     0.29        0.30   0.80   0.48
//	          pages           0.30     0.28        0.32   0.80   0.62
//	          stream          0.20     0.26        0.41   0.80   0.67
//	            deployment    0.20     0.26        0.41   0.81   0.63
//	            strangers     0.19     0.28        0.43   0.84   0.66
//	            configmaps    0.20     0.18        0.40   0.81   0.70
//	          events          0.19     0.25        0.40               4.8 times as many per second
//	protobuf  list            0.94     0.36        0.33   0.80   0.55
//	          pages           0.73     0.36        0.35   0.80   0.57
//	          stream          0.65     0.35        0.44   0.80   0.63
//	            deployment    0.64     0.34        0.44   0.81   0.61
//	            strangers     0.62     0.37        0.46   0.84   0.62
//	            configmaps    0.53     0.35        0.56   0.82   0.78
//	          events          0.73     0.34        0.43               1.3 times as many per second
//
// The aim is a peak of 0.6. Lists in one piece meet it, and pages of protobuf; pages of JSON and streams do not: there client-go has
// little garbage, too, and its peak is what it holds and half as much again. Ours is hardly more than what is held: 16.4 kB per
// pod, of which 5.9 are structs in slices, 5.2 maps (4.2 those of quantities: the smallest map has room for eight), 2.9 the pod
// and structs behind pointers, 1.8 managed fields, and 0.6 strings. Less can be held only if objects share what can be
// changed: sharing the bytes of equal managed fields alone would leave 15.2 kB.
//
// Reads and writes in the process: nothing allocates more, listing takes 0.1 to 0.6 of the CPU time, lookups by index 0.5, additions 0.4 to
// 0.9. Getting one object takes as long as in client-go, within what can be measured here (0.96 to 1.2), and so does updating one
// in an Indexer of 1,000 objects without any index (0.96 to 0.99): most of that is the key, and one lock. With an index it takes 0.8.
//
// generators/ compares kubewright with code-generator's programs, which make the same files one after the other, as
// kube_codegen.sh and client-go's own scripts run them. cmd/generators prints the table; one round takes about a minute on
// an idle machine:
//
//	go run ./cmd/generators -count 1
//
// All programs are built before. What is measured are whole processes, from a module with API types to the files on disk:
// wall time, CPU time with that of all processes that they start, such as go list, and the resident memory of the one
// process that has most. k8s.io-api is all of k8s.io/api: clientset, fakes, listers, informers and apply configurations (4
// programs); kubewright gets the flags that lay them out alike. project is a module with four groups of custom resources, of
// which nothing is generated yet (6 programs, with deep copies and registration); kubewright runs without flags, but for the
// header. Cold means that no output is there and kubewright's cache is empty, so that filling it is in the time; the go
// command's caches are warm, and no program is built. Unchanged is the same command again, at once, so that kubewright
// cannot trust the times of the files that it has just written, and reads them.
//
// What came out on 2026-11-28, on the same machine, with go1.26.8: medians of two interleaved rounds, kubewright /
// code-generator v0.37.2. Other work kept 15 to 20 processes waiting for the two cores, which made wall times three to six
// times as long on both sides (on an idle machine, code-generator took 16.5 s for k8s.io/api, and 6.7 s for a project of
// that shape). CPU time and memory hardly depend on it.
//
//	                         files          wall s   ratio      CPU s   ratio    peak MB   ratio
//	k8s.io-api  cold       2029 / 1978    3.4 / 57.9  0.059   1.56 / 25.5  0.061   138 / 736  0.187
//	            unchanged  2029 / 1978  0.129 / 58.7  0.002  0.084 / 25.3  0.003    33 / 732  0.045
//	project     cold        115 / 108   0.694 / 42.2  0.016  0.421 / 14.6  0.029    68 / 352  0.192
//	            unchanged   115 / 108   0.045 / 46.8  0.001  0.024 / 14.0  0.002    23 / 356  0.064
//
// The aims are 1/6 of the wall time, 1/4 of the CPU time and 1/2 of the memory, and for unchanged input 1/50 of the time and
// at most 0.1 s on an idle machine.
//
// size/ holds two programs that get a ConfigMap, one per stack. How large they are is no matter of the machine: a test
// (size_test.go) says how large ours may be.
package bench
