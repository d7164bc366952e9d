package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// usage is what the process has used, or what something that it did took.
type usage struct {
	Wall, CPU  time.Duration
	Allocs     uint64
	AllocBytes uint64
}

var processStart = time.Now()

// usageNow is what the process has used so far. It stops all goroutines for a moment.
func usageNow() usage {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return usage{Wall: time.Since(processStart), CPU: processCPU(), Allocs: memory.Mallocs, AllocBytes: memory.TotalAlloc}
}

// since is what was used between two moments.
func (u usage) since(before usage) usage {
	return usage{u.Wall - before.Wall, u.CPU - before.CPU, u.Allocs - before.Allocs, u.AllocBytes - before.AllocBytes}
}

// processCPU is the CPU time that the process has used so far, garbage collection and all other goroutines included.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it cannot fail with these arguments
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// liveHeap collects garbage and returns how many bytes are left.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // pools keep what is in them for one collection
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// residentMemory returns how much memory of the process is resident, and how much was at most. The maximum of getrusage
// will not do: it begins with that of the process which started this one.
func residentMemory() (now, peak uint64, err error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes uint64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); n == 1 {
			now = kilobytes << 10
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			peak = kilobytes << 10
		}
	}
	if now == 0 || peak == 0 {
		return 0, 0, fmt.Errorf("/proc/self/status does not say how much memory is resident:\n%s", status)
	}
	return now, peak, nil
}
