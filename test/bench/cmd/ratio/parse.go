package main

import (
	"strconv"
	"strings"
)

// parse reads a line of a benchmark's output:
//
//	BenchmarkGet/pod/json/canned/kubewright-2    10000    33268 ns/op    8168 B/op    106 allocs/op
//
// ok is false for all other lines.
func parse(line string) (r result, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") {
		return result{}, false
	}
	name := fields[0]
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil { // GOMAXPROCS
			name = name[:i]
		}
	}
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return result{}, false
	}
	r = result{name: name[:i], stack: name[i+1:], line: line, metrics: map[string]float64{}}
	for i := 2; i < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return result{}, false
		}
		r.metrics[fields[i+1]] = value
		r.units = append(r.units, fields[i+1])
	}
	return r, true
}
