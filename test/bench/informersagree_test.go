package bench

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestInformersAgree is what makes the comparison of informers fair: whichever way they come by their pods, all stacks end
// up with those of the server, and have told their handlers of as many.
func TestInformersAgree(t *testing.T) {
	server, err := loopback()
	if err != nil {
		t.Fatal(err)
	}
	for _, encoding := range encodings {
		for _, mode := range []string{inOnePiece, inPages, streamed, changing} {
			for _, stack := range informerStacks {
				t.Run(encoding.name+"/"+mode+"/"+stack.name, func(t *testing.T) {
					count, handled, version := 510, 510, versionBase // two pages
					if mode == changing {
						count, handled, version = 80, 80*(updateRounds-1), listVersion+80*(updateRounds-1)+1
					}
					task := clientTask{Stack: stack.name, MediaType: encoding.mediaType, Mode: mode, Count: count, Server: server}
					informer, err := task.connect()
					if err != nil {
						t.Fatal(err)
					}
					report, err := task.run(t.Context(), informer)
					if err != nil {
						t.Fatal(err)
					}
					if report.Handled != handled {
						t.Errorf("the handler was told of %d pods, want %d", report.Handled, handled)
					}
					if cached := len(informer.indexer.ListKeys()); cached != count {
						t.Errorf("%d pods are cached, want %d", cached, count)
					}
					for i, want := range clusterPods(count) {
						if i%77 != 0 {
							continue // a sample is enough
						}
						want.ResourceVersion = strconv.Itoa(version + i)
						cached, err := informer.lister.inNamespace(want.Namespace).Get(want.Name)
						if err != nil {
							t.Fatal(err)
						}
						if diff := cmp.Diff(want, cached, sameObjects); diff != "" {
							t.Errorf("pod %d (-want +got):\n%s", i, diff)
						}
					}
				})
			}
		}
	}
}

// sameObjects ignores kinds and versions, which some decoders leave in objects.
var sameObjects = cmpopts.IgnoreTypes(metav1.TypeMeta{})

// TestCachesAgree asks and writes to the caches of all stacks what the benchmarks do.
func TestCachesAgree(t *testing.T) {
	pods := clusterPods(1_000)
	for _, stack := range informerStacks {
		t.Run(stack.name, func(t *testing.T) {
			informer := stack.local(&localPods{pods: pods}, indexes(2))
			stop, err := informer.start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			for _, l := range lookups {
				if got, err := l.do(informer, pods[321]); err != nil || got != l.want(len(pods)) {
					t.Errorf("%s: got %d pods, want %d; error %v", l.name, got, l.want(len(pods)), err)
				}
			}
			for _, w := range writes {
				var indexer podIndexer
				write, err := w.prepare(func() podIndexer {
					indexer = stack.indexer(indexes(3))
					return indexer
				}, pods)
				if err != nil {
					t.Fatal(err)
				}
				times := len(pods)
				if w.name == "replace" {
					times = 2
				}
				for range times {
					if err := write(); err != nil {
						t.Fatal(err)
					}
				}
				found, err := indexer.ByIndex(nodeIndex, pods[321].Spec.NodeName)
				if err != nil || len(found) != podsOnNode || len(indexer.ListKeys()) != len(pods) {
					t.Errorf("%s: %d pods, %d on a node; error %v", w.name, len(indexer.ListKeys()), len(found), err)
				}
				isCopy := !slices.ContainsFunc(pods, func(pod *corev1.Pod) bool { return found[0] == any(pod) })
				if isCopy != (w.name == "update") {
					t.Errorf("%s: found[0] is a copy: %v", w.name, isCopy)
				}
			}
		})
	}
}

// TestClientProcess does a task in a process of its own.
func TestClientProcess(t *testing.T) {
	server, err := loopback()
	if err != nil {
		t.Fatal(err)
	}
	for _, stack := range informerStacks {
		report, err := runClient(t.Context(), clientTask{Stack: stack.name, MediaType: encodings[0].mediaType, Mode: streamed, Count: 60, Server: server})
		if err != nil {
			t.Fatal(err)
		}
		if report.Handled != 60 || report.Wall == 0 || report.CPU == 0 || report.Allocs == 0 || report.AllocBytes == 0 || report.Peak == 0 || report.Held == 0 {
			t.Errorf("%s: %+v", stack.name, report)
		}
	}
}
