package bench

import (
	"testing"
)

var fillModes = []string{inOnePiece, inPages, streamed}

const changingPods = 1_000

// BenchmarkInformerSync is an informer from its start until its cache is full and its handler has seen all of it.
func BenchmarkInformerSync(b *testing.B) {
	for _, encoding := range encodings {
		b.Run(encoding.name, func(b *testing.B) {
			for _, mode := range fillModes {
				b.Run(mode, func(b *testing.B) {
					inClientProcesses(b, clientTask{MediaType: encoding.mediaType, Mode: mode, Count: cachedPods}, reportSync)
				})
			}
		})
	}
}

// BenchmarkInformerSyncOf is BenchmarkInformerSync with other populations, in streaming lists.
func BenchmarkInformerSyncOf(b *testing.B) {
	for _, population := range populations[1:] {
		b.Run(population.name, func(b *testing.B) {
			for _, encoding := range encodings {
				b.Run(encoding.name, func(b *testing.B) {
					inClientProcesses(b, clientTask{MediaType: encoding.mediaType, Mode: streamed, Of: population.name, Count: cachedPods}, reportSync)
				})
			}
		})
	}
}

func reportSync(b *testing.B, r clientReport) {
	objects := float64(r.Handled)
	b.ReportMetric(r.Wall.Seconds()/float64(b.N), "wall-s")
	b.ReportMetric(r.CPU.Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(r.Peak)/1e6/float64(b.N), "peak-MB")
	b.ReportMetric(float64(r.Held)/1e3/objects, "held-kB/object")
	b.ReportMetric(float64(r.Allocs)/objects, "allocs/object")
	b.ReportMetric(float64(r.AllocBytes)/1e3/objects, "alloc-kB/object")
}

// BenchmarkInformerEvents is an informer, full already, that follows updates as fast as it can.
func BenchmarkInformerEvents(b *testing.B) {
	for _, encoding := range encodings {
		b.Run(encoding.name, func(b *testing.B) {
			inClientProcesses(b, clientTask{MediaType: encoding.mediaType, Mode: changing, Count: changingPods}, func(b *testing.B, r clientReport) {
				events := float64(r.Handled)
				b.ReportMetric(events/r.Wall.Seconds(), "events/s")
				b.ReportMetric(float64(r.CPU.Microseconds())/events, "cpu-µs/event")
				b.ReportMetric(float64(r.Allocs)/events, "allocs/event")
				b.ReportMetric(float64(r.AllocBytes)/1e3/events, "alloc-kB/event")
			})
		})
	}
}

// inClientProcesses does a task for each stack, and reports the sum of what it took.
func inClientProcesses(b *testing.B, task clientTask, report func(*testing.B, clientReport)) {
	server, err := loopback()
	if err != nil {
		b.Fatal(err)
	}
	task.Server = server
	for _, stack := range informerStacks {
		b.Run(stack.name, func(b *testing.B) {
			task.Stack = stack.name
			var sum clientReport
			for b.Loop() {
				r, err := runClient(b.Context(), task)
				if err != nil {
					b.Fatal(err)
				}
				sum.add(r)
			}
			report(b, sum)
			b.ReportMetric(0, "ns/op") // with the start of the process in it; zero is not printed
		})
	}
}
