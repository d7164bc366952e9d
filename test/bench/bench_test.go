package bench

import (
	"context"
	"testing"
)

func BenchmarkGet(b *testing.B)     { benchmark(b, "Get") }
func BenchmarkList(b *testing.B)    { benchmark(b, "List") }
func BenchmarkPatch(b *testing.B)   { benchmark(b, "Patch") }
func BenchmarkCreate(b *testing.B)  { benchmark(b, "Create") }
func BenchmarkRequest(b *testing.B) { benchmark(b, "Request") } // Get without a typed client

// benchmark measures a verb for all kinds, encodings, transports and stacks.
func benchmark(b *testing.B, verb string) {
	for _, kind := range kinds {
		do := verbs[verb][kind]
		b.Run(kind, func(b *testing.B) {
			overAll(b, func(b *testing.B, o options) {
				clients := connect(b, o)
				agree(b, do, clients)
				for _, c := range clients {
					b.Run(c.stack, func(b *testing.B) { measure(b, do, c) })
				}
			})
		})
	}
}

// runner is a *testing.T or *testing.B.
type runner[R any] interface {
	testing.TB
	Run(name string, f func(R)) bool
}

// overAll runs f for all encodings and transports.
func overAll[R runner[R]](r R, f func(R, options)) {
	for _, encoding := range encodings {
		r.Run(encoding.name, func(r R) {
			for _, transport := range transports {
				r.Run(transport.name, func(r R) {
					o, err := transport.options()
					if err != nil {
						r.Fatal(err)
					}
					o.mediaType = encoding.mediaType
					f(r, o)
				})
			}
		})
	}
}

func measure(b *testing.B, do call, c client) {
	ctx := context.Background()
	measureOps(b, func() {
		if _, err := do(ctx, c); err != nil {
			b.Fatal(err)
		}
	})
}

// measureOps measures op: its wall time, the CPU time of the whole process, and what is allocated.
func measureOps(b *testing.B, op func()) {
	b.ReportAllocs()
	before := processCPU()
	for b.Loop() {
		op()
	}
	b.ReportMetric(float64(processCPU()-before)/float64(b.N), "cpu-ns/op")
}
