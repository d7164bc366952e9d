package testing_test

import (
	"testing"

	"go.uber.org/goleak"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	configMaps     = corev1.SchemeGroupVersion.WithResource("configmaps")
	configMapKind  = corev1.SchemeGroupVersion.WithKind("ConfigMap")
	deployments    = appsv1.SchemeGroupVersion.WithResource("deployments")
	deploymentKind = appsv1.SchemeGroupVersion.WithKind("Deployment")
)

func newScheme(add ...func(*runtime.Scheme) error) *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range append(add, corev1.AddToScheme, appsv1.AddToScheme, autoscalingv1.AddToScheme) {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	return scheme
}

// configuration is what is applied, as generated apply configurations are: a kind, a name, and some fields.
type configuration map[string]any

func (c *configuration) GetName() *string {
	name, ok := (*c)["metadata"].(map[string]any)["name"].(string)
	if !ok {
		return nil
	}
	return &name
}

type (
	configMapClient  = fake.FakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration]
	deploymentClient = fake.FakeClientWithListAndApply[*appsv1.Deployment, *appsv1.DeploymentList, *configuration]
)

// clientset is what a generated fake clientset is.
type clientset struct {
	clienttesting.Fake
	tracker clienttesting.ObjectTracker
}

func newClientset(tracker clienttesting.ObjectTracker) *clientset {
	c := &clientset{tracker: tracker}
	c.AddReactor("*", "*", clienttesting.ObjectReaction(tracker))
	c.AddWatchReactor("*", clienttesting.WatchReaction(tracker))
	return c
}

func (c *clientset) configMaps(namespace string) *configMapClient {
	return fake.NewFakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration](&c.Fake, namespace, configMaps, configMapKind,
		func() *corev1.ConfigMap { return &corev1.ConfigMap{} }, func() *corev1.ConfigMapList { return &corev1.ConfigMapList{} },
		func(dst, src *corev1.ConfigMapList) { dst.ListMeta = src.ListMeta },
		func(list *corev1.ConfigMapList) []*corev1.ConfigMap { return fake.ToPointerSlice(list.Items) },
		func(list *corev1.ConfigMapList, items []*corev1.ConfigMap) { list.Items = fake.FromPointerSlice(items) })
}

func (c *clientset) deployments(namespace string) *deploymentClient {
	return fake.NewFakeClientWithListAndApply[*appsv1.Deployment, *appsv1.DeploymentList, *configuration](&c.Fake, namespace, deployments, deploymentKind,
		func() *appsv1.Deployment { return &appsv1.Deployment{} }, func() *appsv1.DeploymentList { return &appsv1.DeploymentList{} },
		func(dst, src *appsv1.DeploymentList) { dst.ListMeta = src.ListMeta },
		func(list *appsv1.DeploymentList) []*appsv1.Deployment { return fake.ToPointerSlice(list.Items) },
		func(list *appsv1.DeploymentList, items []*appsv1.Deployment) {
			list.Items = fake.FromPointerSlice(items)
		})
}

// plain and managed are the two trackers, with the objects given.
func plain(t testing.TB, objects ...runtime.Object) *clientset {
	t.Helper()
	scheme := newScheme()
	return filled(t, clienttesting.NewObjectTracker(scheme, serializer.NewCodecFactory(scheme).UniversalDeserializer()), objects)
}

func managed(t testing.TB, objects ...runtime.Object) *clientset {
	t.Helper()
	scheme := newScheme()
	decoder := serializer.NewCodecFactory(scheme).UniversalDeserializer()
	return filled(t, clienttesting.NewFieldManagedObjectTracker(scheme, decoder, managedfields.NewDeducedTypeConverter()), objects)
}

func filled(t testing.TB, tracker clienttesting.ObjectTracker, objects []runtime.Object) *clientset {
	t.Helper()
	for _, object := range objects {
		if err := tracker.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	return newClientset(tracker)
}

// both runs a test on both trackers.
func both(t *testing.T, test func(t *testing.T, start func(t testing.TB, objects ...runtime.Object) *clientset)) {
	t.Run("plain", func(t *testing.T) { test(t, plain) })
	t.Run("managed", func(t *testing.T) { test(t, managed) })
}

func configMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, Labels: map[string]string{"value": value}},
		Data:       map[string]string{"value": value},
	}
}

func versioned(cm *corev1.ConfigMap, version string) *corev1.ConfigMap {
	cm.ResourceVersion = version
	return cm
}

// ok returns the result of a call that must not fail.
func ok[R any](t testing.TB) func(R, error) R {
	t.Helper()
	return func(result R, err error) R {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
}

func (c *clientset) create(t testing.TB, cm *corev1.ConfigMap) *corev1.ConfigMap {
	t.Helper()
	return ok[*corev1.ConfigMap](t)(c.configMaps(cm.Namespace).Create(t.Context(), cm, metav1.CreateOptions{}))
}

func (c *clientset) update(t testing.TB, cm *corev1.ConfigMap) *corev1.ConfigMap {
	t.Helper()
	return ok[*corev1.ConfigMap](t)(c.configMaps(cm.Namespace).Update(t.Context(), cm, metav1.UpdateOptions{}))
}

func (c *clientset) get(t testing.TB, name string) *corev1.ConfigMap {
	t.Helper()
	return ok[*corev1.ConfigMap](t)(c.configMaps("ns").Get(t.Context(), name, metav1.GetOptions{}))
}

func (c *clientset) delete(t testing.TB, name string) {
	t.Helper()
	if err := c.configMaps("ns").Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
}

func (c *clientset) list(t testing.TB, opts metav1.ListOptions) *corev1.ConfigMapList {
	t.Helper()
	return ok[*corev1.ConfigMapList](t)(c.configMaps("").List(t.Context(), opts))
}

// watch returns a watch that is stopped at the end of the test.
func (c *clientset) watch(t testing.TB, opts metav1.ListOptions) watch.Interface {
	t.Helper()
	w := ok[watch.Interface](t)(c.configMaps("").Watch(t.Context(), opts))
	t.Cleanup(w.Stop)
	return w
}

// describe is an event in short: "ADDED a=1".
func describe(e watch.Event) string {
	switch object := e.Object.(type) {
	case *corev1.ConfigMap:
		return string(e.Type) + " " + object.Name + "=" + object.Data["value"]
	case *metav1.Status:
		return string(e.Type) + " " + string(object.Reason)
	default:
		return string(e.Type)
	}
}

// there returns what a watch has for its reader now.
func there(w watch.Interface) []string {
	events := []string{}
	for {
		select {
		case e, open := <-w.ResultChan():
			if !open {
				return append(events, "end")
			}
			events = append(events, describe(e))
		default:
			return events
		}
	}
}

func names(list *corev1.ConfigMapList) []string {
	all := []string{}
	for _, item := range list.Items {
		all = append(all, item.Name)
	}
	return all
}
