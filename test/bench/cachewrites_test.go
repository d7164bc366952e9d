package bench

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// BenchmarkInformerIndexer writes to an Indexer. An op of replace is the replacement of all objects, else of one.
func BenchmarkInformerIndexer(b *testing.B) {
	for _, write := range writes {
		b.Run(write.name, func(b *testing.B) {
			for _, n := range []int{0, 1, 3} {
				b.Run(fmt.Sprintf("indexes=%d", n), func(b *testing.B) {
					overSizes(b, func(b *testing.B, pods []*corev1.Pod, stack informerStack) {
						op, err := write.prepare(func() podIndexer { return stack.indexer(indexes(n)) }, pods)
						if err != nil {
							b.Fatal(err)
						}
						measureOps(b, func() {
							if err := op(); err != nil {
								b.Fatal(err)
							}
						})
					})
				})
			}
		})
	}
}

// writes are ways to write to an Indexer.
var writes = []struct {
	name string
	// prepare returns one write, which is made again and again.
	prepare func(newIndexer func() podIndexer, pods []*corev1.Pod) (write func() error, err error)
}{{"add", addPods}, {"update", updatePods}, {"replace", replacePods}}

// addPods adds one pod after the other until all are there; then it begins anew, with an empty Indexer.
func addPods(newIndexer func() podIndexer, pods []*corev1.Pod) (func() error, error) {
	indexer, i := newIndexer(), 0
	return func() error {
		if i == len(pods) {
			indexer, i = newIndexer(), 0
		}
		i++
		return indexer.Add(pods[i-1])
	}, nil
}

// updatePods replaces pods by copies that differ in nothing that is indexed.
func updatePods(newIndexer func() podIndexer, pods []*corev1.Pod) (func() error, error) {
	indexer := newIndexer()
	copies := make([]*corev1.Pod, len(pods))
	for i, pod := range pods {
		copied := *pod
		copies[i] = &copied
		if err := indexer.Add(pod); err != nil {
			return nil, err
		}
	}
	i := 0
	return func() error {
		if i == len(pods) {
			pods, copies, i = copies, pods, 0
		}
		i++
		return indexer.Update(copies[i-1])
	}, nil
}

func replacePods(newIndexer func() podIndexer, pods []*corev1.Pod) (func() error, error) {
	indexer := newIndexer()
	objects := make([]any, len(pods))
	for i, pod := range pods {
		objects[i] = pod
	}
	return func() error {
		return indexer.Replace(slices.Clone(objects), strconv.Itoa(listVersion)) // which keeps the slice
	}, nil
}
