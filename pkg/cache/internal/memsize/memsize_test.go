package memsize

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const word = int64(unsafe.Sizeof(uintptr(0)))

type node struct {
	next *node
	_    int
}

type hidden struct {
	text  string
	bytes []byte
	any   any
	when  time.Time
}

func TestOf(t *testing.T) {
	text := strings.Repeat("x", 100)
	ring := &node{}
	ring.next = &node{next: ring}
	local := time.Now()
	var long *node
	for range 10 * maxDepth {
		long = &node{next: long}
	}
	for name, c := range map[string]struct {
		value any
		want  int64
	}{
		"nothing":                   {nil, 0},
		"a nil pointer":             {(*node)(nil), 0},
		"a number":                  {7, word},
		"a string":                  {text, 2*word + 100},
		"the same string twice":     {&[2]string{text, text}, 4*word + 100},
		"capacity counts":           {make([]byte, 3, 64), 3*word + 64},
		"a ring":                    {ring, 4 * word},
		"unexported fields":         {&hidden{text: text, bytes: make([]byte, 10), any: int64(1)}, int64(unsafe.Sizeof(hidden{})) + 100 + 10 + 8},
		"a location is not counted": {&hidden{when: local}, int64(unsafe.Sizeof(hidden{}))},
		"an array of pointers":      {&[2]*node{{}, nil}, 2*word + 2*word},
		"a slice of slices":         {&[][]int{make([]int, 4)}, 3*word + 3*word + 4*word},
		"a small map":               {map[string]string{"key": text}, 48 + 8*(4*word+1) + 103},
		"channels and functions": {&struct {
			c chan int
			f func()
		}{make(chan int, 100), func() {}}, 2 * word},
		"not deeper than it should": {long, maxDepth * 2 * word},
	} {
		if got := Of(c.value); got != c.want {
			t.Errorf("%s: Of = %d, want %d", name, got, c.want)
		}
	}
}

func pod() *corev1.Pod {
	labels := map[string]string{}
	for _, word := range []string{"app", "tier", "release", "component", "version", "chart", "instance", "part-of", "managed-by"} {
		labels[strings.Clone(word)] = strings.Repeat(word, 3)
	}
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: strings.Repeat("n", 40), Namespace: strings.Repeat("s", 20), Labels: labels}}
	for range 3 {
		c := corev1.Container{Name: strings.Repeat("c", 10), Image: strings.Repeat("i", 60)}
		for range 10 {
			c.Env = append(c.Env, corev1.EnvVar{Name: strings.Repeat("e", 20), Value: strings.Repeat("v", 30)})
		}
		p.Spec.Containers = append(p.Spec.Containers, c)
	}
	return p
}

// The estimate is near what the heap says.
func TestOfAPodIsNearItsHeap(t *testing.T) {
	const n = 2000
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	pods := make([]*corev1.Pod, n)
	for i := range pods {
		pods[i] = pod()
	}
	real := (heap() - before) / n
	estimate := Of(pods[7])
	t.Logf("estimate %d, heap %d bytes per pod", estimate, real)
	if estimate < real*85/100 || estimate > real*115/100 {
		t.Errorf("Of = %d, the heap says %d", estimate, real)
	}
	runtime.KeepAlive(pods)
}

func BenchmarkOf(b *testing.B) {
	p := pod()
	for b.Loop() {
		Of(p)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/sec")
}
