package testing_test

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// A test makes a call fail once, and looks at what its controller has called. Here the clientset is made by hand; generated
// ones have NewSimpleClientset.
func Example() {
	tracker := clienttesting.NewObjectTracker(newScheme(), nil)
	client := newClientset(tracker)
	refusals := 1
	client.PrependReactor("update", "configmaps", func(clienttesting.Action) (bool, runtime.Object, error) {
		if refusals == 0 {
			return false, nil, nil // the next reactor answers
		}
		refusals--
		return true, nil, apierrors.NewConflict(configMaps.GroupResource(), "a", errors.New("somebody was faster"))
	})

	ctx, maps := context.Background(), client.configMaps("web")
	cm, _ := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.CreateOptions{})
	_, err := maps.Update(ctx, cm, metav1.UpdateOptions{})
	fmt.Println(err)
	_, err = maps.Update(ctx, cm, metav1.UpdateOptions{})
	fmt.Println(err)
	for _, action := range client.Actions() {
		fmt.Println(action.GetVerb(), action.GetResource().Resource, action.GetNamespace())
	}
	// Output:
	// Operation cannot be fulfilled on configmaps "a": somebody was faster
	// <nil>
	// create configmaps web
	// update configmaps web
	// update configmaps web
}
