package foreign

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	applycore "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/scale"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"

	"github.com/kubewright/kubewright/pkg/apiservertest"
)

// start returns a server and client-go's configuration for it.
func start(t *testing.T, opts ...apiservertest.Option) (*apiservertest.Server, *rest.Config) {
	t.Helper()
	server := apiservertest.NewServerForTest(t, opts...)
	config, err := clientcmd.RESTConfigFromKubeConfig(server.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	return server, config
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", Labels: map[string]string{"app": name}}}
}

// eventually waits until what two places say is the same.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 5*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) { return condition(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// TestInformersSync: typed informers, streaming and not, see what was there and what comes.
func TestInformersSync(t *testing.T) {
	for _, contentType := range []string{"application/json", "application/vnd.kubernetes.protobuf"} {
		t.Run(contentType, func(t *testing.T) {
			server, config := start(t)
			config.ContentType = contentType
			client := kubernetes.NewForConfigOrDie(config)
			for i := range 700 { // more than a page
				if err := server.Seed(t.Context(), configMap(fmt.Sprintf("before-%d", i))); err != nil {
					t.Fatal(err)
				}
			}
			factory := informers.NewSharedInformerFactory(client, 0)
			lister := factory.Core().V1().ConfigMaps().Lister()
			factory.Start(t.Context().Done())
			factory.WaitForCacheSync(t.Context().Done())
			names := func() []string {
				all, err := lister.List(labels.Everything())
				if err != nil {
					t.Fatal(err)
				}
				var names []string
				for _, o := range all {
					names = append(names, o.Name)
				}
				slices.Sort(names)
				return names
			}
			if n := len(names()); n != 700 {
				t.Fatalf("%d objects after the sync, want 700", n)
			}
			configMaps := client.CoreV1().ConfigMaps("default")
			if _, err := configMaps.Create(t.Context(), configMap("after"), metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := configMaps.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "app!=after"}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the cache follows", func() bool { return slices.Equal(names(), []string{"after"}) })
		})
	}
}

// TestDynamicAndMetadataInformersSync: clients without types.
func TestDynamicAndMetadataInformersSync(t *testing.T) {
	server, config := start(t)
	if err := server.Seed(t.Context(), configMap("a"), configMap("b")); err != nil {
		t.Fatal(err)
	}
	gvr := corev1.SchemeGroupVersion.WithResource("configmaps")
	factory := dynamicinformer.NewDynamicSharedInformerFactory(dynamic.NewForConfigOrDie(config), 0)
	lister := factory.ForResource(gvr).Lister()
	factory.Start(t.Context().Done())
	factory.WaitForCacheSync(t.Context().Done())
	if all, err := lister.List(labels.Everything()); err != nil || len(all) != 2 {
		t.Errorf("%d objects, %v", len(all), err)
	}
	list, err := metadata.NewForConfigOrDie(config).Resource(gvr).List(t.Context(), metav1.ListOptions{LabelSelector: "app=a"})
	if err != nil || len(list.Items) != 1 || list.Items[0].Name != "a" {
		t.Errorf("%v, %v", list, err)
	}
}

// TestApplyFindsConflicts: two managers cannot set a field to different values unless one of them insists.
func TestApplyFindsConflicts(t *testing.T) {
	_, config := start(t)
	configMaps := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps("default")
	apply := func(manager, value string, force bool) error {
		_, err := configMaps.Apply(t.Context(), applycore.ConfigMap("c", "default").WithData(map[string]string{"k": value}),
			metav1.ApplyOptions{FieldManager: manager, Force: force})
		return err
	}
	if err := apply("me", "1", false); err != nil {
		t.Fatal(err)
	}
	if err := apply("you", "2", false); err == nil {
		t.Error("two managers agree about different values")
	}
	if err := apply("you", "2", true); err != nil {
		t.Error(err)
	}
}

func TestScaleThroughTheRESTMapping(t *testing.T) {
	server, config := start(t)
	replicas := int32(1)
	podLabels := map[string]string{"a": "b"}
	if err := server.Seed(t.Context(), &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: podLabels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: podLabels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "i"}}},
			},
		},
	}); err != nil {
		t.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(config)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Deployment"})
	if err != nil {
		t.Fatal(err)
	}
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		t.Errorf("scope %s", mapping.Scope.Name())
	}
	scales, err := scale.NewForConfig(config, mapper, dynamic.LegacyAPIPathResolverFunc, scale.NewDiscoveryScaleKindResolver(client.Discovery()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scales.Scales("default").Patch(t.Context(), mapping.Resource, "web", types.MergePatchType, []byte(`{"spec":{"replicas":4}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	got, err := client.AppsV1().Deployments("default").Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil || *got.Spec.Replicas != 4 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestLeaderElection(t *testing.T) {
	_, config := start(t)
	lock, err := resourcelock.NewFromKubeconfig(resourcelock.LeasesResourceLock, "default", "leader", resourcelock.ResourceLockConfig{Identity: "me"}, config, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	led := false
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: lock, LeaseDuration: 6 * time.Second, RenewDeadline: 5 * time.Second, RetryPeriod: time.Second, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { led = true; cancel() },
			OnStoppedLeading: func() {},
		},
	})
	if !led {
		t.Error("nobody led")
	}
}

// TestCustomResources: a definition through the API, then its objects.
func TestCustomResources(t *testing.T) {
	_, config := start(t)
	client := dynamic.NewForConfigOrDie(config)
	definitions := client.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	_, err := definitions.Create(t.Context(), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "widgets.example.com"},
		"spec": map[string]any{
			"group": "example.com", "scope": "Namespaced",
			"names": map[string]any{"plural": "widgets", "kind": "Widget"},
			"versions": []any{map[string]any{
				"name": "v1", "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
			}},
		},
	}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	widgets := client.Resource(schema.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "widgets"}).Namespace("default")
	eventually(t, "the resource is served", func() bool {
		_, err := widgets.List(t.Context(), metav1.ListOptions{})
		return err == nil
	})
	created, err := widgets.Create(t.Context(), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Widget", "metadata": map[string]any{"name": "w"}, "spec": map[string]any{"size": int64(3)},
	}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if size, _, _ := unstructured.NestedInt64(created.Object, "spec", "size"); size != 3 {
		t.Errorf("created %v", created)
	}
}
