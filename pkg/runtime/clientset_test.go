package runtime_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
)

func TestClientsetConfigSharesOneRateLimiter(t *testing.T) {
	own := flowcontrol.NewTokenBucketRateLimiter(1, 1)
	for name, test := range map[string]struct {
		config  rest.Config
		wantQPS float32 // of the limiter, 0 for none
		want    flowcontrol.RateLimiter
	}{
		"defaults":          {config: rest.Config{}, wantQPS: rest.DefaultQPS},
		"QPS and Burst":     {config: rest.Config{QPS: 50, Burst: 100}, wantQPS: 50},
		"Burst alone":       {config: rest.Config{Burst: 3}, wantQPS: rest.DefaultQPS},
		"switched off":      {config: rest.Config{QPS: -1}},
		"own limiter":       {config: rest.Config{QPS: 50, Burst: 100, RateLimiter: own}, wantQPS: 1, want: own},
		"own, switched off": {config: rest.Config{QPS: -1, RateLimiter: own}, wantQPS: 1, want: own},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := runtime.ClientsetConfig(&test.config)
			if err != nil {
				t.Fatal(err)
			}
			var qps float32
			if got.RateLimiter != nil {
				qps = got.RateLimiter.QPS()
			}
			if qps != test.wantQPS || (test.want != nil && got.RateLimiter != test.want) {
				t.Errorf("got limiter %v with %v QPS, want %v", got.RateLimiter, qps, test.wantQPS)
			}
			if got.UserAgent == "" || test.config.UserAgent != "" {
				t.Errorf("the copy must have a user agent (%q), the original none (%q)", got.UserAgent, test.config.UserAgent)
			}
		})
	}
}

func TestClientsetConfigRefusesBadInput(t *testing.T) {
	for name, test := range map[string]struct {
		config *rest.Config
		want   string
	}{
		"no config":         {nil, "no rest.Config: pass one, for example from clientcmd.BuildConfigFromFlags or rest.InClusterConfig"},
		"QPS without Burst": {&rest.Config{QPS: 5}, "rest.Config has QPS 5 and Burst 0: Burst must be greater than 0 unless RateLimiter is set or QPS is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := runtime.ClientsetConfig(test.config); err == nil || canary.Err(t, err).Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestNewSchemeHoldsTypesAndOptions(t *testing.T) {
	scheme := runtime.NewScheme(corev1.AddToScheme)
	for _, gvk := range []schema.GroupVersionKind{
		corev1.SchemeGroupVersion.WithKind("ConfigMap"),
		corev1.SchemeGroupVersion.WithKind("ListOptions"),
		{Version: "v1", Kind: "Status"},
	} {
		if !scheme.Recognizes(gvk) {
			t.Errorf("%v is missing", gvk)
		}
	}
}

func TestNewSchemePanicsOnAConflict(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two types for one kind must panic")
		}
	}()
	runtime.NewScheme(corev1.AddToScheme, func(scheme *apiruntime.Scheme) error {
		scheme.AddKnownTypeWithName(corev1.SchemeGroupVersion.WithKind("ConfigMap"), &metav1.PartialObjectMetadata{})
		return nil
	})
}
