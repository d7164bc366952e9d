package fastjson

import (
	"encoding/json"
	"math/rand"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	sigsjson "sigs.k8s.io/json"
)

// BenchmarkPod decodes a pod with something in every field, here and with the decoder of apimachinery.
func BenchmarkPod(b *testing.B) {
	var pod corev1.Pod
	fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(runtime.NewScheme())).Fill(&pod)
	data, err := json.Marshal(&pod)
	if err != nil {
		b.Fatal(err)
	}
	for name, decode := range map[string]func(*corev1.Pod) bool{
		"fastjson":  func(p *corev1.Pod) bool { return Unmarshal(data, p, nil) },
		"sigs.json": func(p *corev1.Pod) bool { return sigsjson.UnmarshalCaseSensitivePreserveInts(data, p) == nil },
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
