package fastproto

import (
	"math/rand"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// BenchmarkPod decodes a pod with something in every field, here and with its own method.
func BenchmarkPod(b *testing.B) {
	var pod corev1.Pod
	fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(runtime.NewScheme())).Fill(&pod)
	data, err := pod.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	shared := text.NewShared()
	for name, decode := range map[string]func(*corev1.Pod) bool{
		"fastproto": func(p *corev1.Pod) bool { return Unmarshal(data, p, nil) },
		"shared":    func(p *corev1.Pod) bool { return Unmarshal(data, p, shared) },
		"method":    func(p *corev1.Pod) bool { return p.Unmarshal(data) == nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if !decode(new(corev1.Pod)) {
					b.Fatal("not decoded")
				}
			}
		})
	}
}
