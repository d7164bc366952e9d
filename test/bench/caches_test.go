package bench

import (
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// cacheSizes are the numbers of objects in a cache.
var cacheSizes = []int{1_000, cachedPods}

const nodeIndex = "node"

// podIndexes are index functions, in the order in which benchmarks add them.
var podIndexes = []struct {
	name     string
	function func(any) ([]string, error)
}{
	{"namespace", func(obj any) ([]string, error) { return []string{obj.(metav1.Object).GetNamespace()}, nil }}, // a lister may ask for that of an ObjectMeta
	{nodeIndex, func(obj any) ([]string, error) { return []string{obj.(*corev1.Pod).Spec.NodeName}, nil }},
	{"app", func(obj any) ([]string, error) { return []string{obj.(*corev1.Pod).Labels[appLabel]}, nil }},
}

// indexes returns the first n of podIndexes.
func indexes(n int) indexFuncs {
	functions := indexFuncs{}
	for _, index := range podIndexes[:n] {
		functions[index.name] = index.function
	}
	return functions
}

// overStacks runs f for all stacks.
func overStacks(b *testing.B, f func(*testing.B, informerStack)) {
	for _, stack := range informerStacks {
		b.Run(stack.name, func(b *testing.B) { f(b, stack) })
	}
}

// overSizes runs f for all sizes of caches and stacks.
func overSizes(b *testing.B, f func(*testing.B, []*corev1.Pod, informerStack)) {
	for _, size := range cacheSizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			overStacks(b, func(b *testing.B, stack informerStack) { f(b, clusterPods(size), stack) })
		})
	}
}

// startForBenchmark runs an informer until the benchmark has ended.
func startForBenchmark(b *testing.B, informer podInformer) {
	stop, err := informer.start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(stop)
}
