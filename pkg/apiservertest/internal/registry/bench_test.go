package registry_test

import (
	"context"
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// BenchmarkCreatePod is a pod with defaults and managed fields.
func BenchmarkCreatePod(b *testing.B) {
	s := newServer(b)
	request := s.at("pods", "default", "")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Create(context.Background(), request, pod(fmt.Sprintf("p-%d", i), ""), metav1.CreateOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkListSelected selects a few of 50,000 objects.
func BenchmarkListSelected(b *testing.B) {
	s := newServer(b)
	request := s.at("configmaps", "default", "")
	for i := range 50_000 {
		in := configMap(fmt.Sprintf("c-%d", i))
		in.Labels = map[string]string{"shard": fmt.Sprint(i % 1000)}
		if _, err := s.store.Update(storage.Key{Resource: request.Target.Resource.GroupResource(), Namespace: "default", Name: in.Name}, func(kind.Object) (kind.Object, error) { return in, nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		list, err := s.List(context.Background(), request, metav1.ListOptions{LabelSelector: "shard=7"})
		if err != nil || len(list.Objects) != 50 {
			b.Fatalf("got %d objects, %v", len(list.Objects), err)
		}
	}
}
