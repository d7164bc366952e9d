package fake_test

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/generated/kubernetes/fake"
	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/testing"
)

// A test gives its controller a clientset without a server, lets a call fail, and looks at what the controller has done.
func Example() {
	set := fake.NewSimpleClientset(&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: map[string]string{"zone": "z"}}})
	set.PrependReactor("create", "pods", func(action testing.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("no room for pods in " + action.GetNamespace())
	})

	ctx := context.Background()
	nodes, err := set.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: "zone=z"})
	fmt.Println(nodes.Items[0].Name, err)
	_, err = set.CoreV1().Pods("web").Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}}, metav1.CreateOptions{})
	fmt.Println(err)
	for _, action := range set.Actions() {
		fmt.Println(action.GetVerb(), action.GetResource().Resource)
	}
	// Output:
	// a <nil>
	// no room for pods in web
	// list nodes
	// create pods
}

// Informers of a fake clientset are in step with it.
func ExampleNewSimpleClientset_informers() {
	set := fake.NewSimpleClientset(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "web"}})
	factory := informers.NewSharedInformerFactory(set, 0)
	configMaps := factory.Core().V1().ConfigMaps()
	added := make(chan string)
	handler := cache.ResourceEventHandlerFuncs{AddFunc: func(obj any) { added <- obj.(*corev1.ConfigMap).Name }}
	if _, err := configMaps.Informer().AddEventHandler(handler); err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	factory.StartWithContext(ctx)
	fmt.Println(<-added)

	created := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "b"}}
	if _, err := set.CoreV1().ConfigMaps("web").Create(ctx, created, metav1.CreateOptions{}); err != nil {
		panic(err)
	}
	fmt.Println(<-added)
	all, err := configMaps.Lister().ConfigMaps("web").List(labels.Everything())
	fmt.Println(len(all), err)
	stop()
	factory.Shutdown()
	// Output:
	// a
	// b
	// 2 <nil>
}
