package applyconfigurations_test

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/generated/kubernetes"
	appsv1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/apps/v1"
	corev1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/core/v1"
	metav1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/meta/v1"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

// Two managers share a Deployment: each applies what it wants, and leaves the rest to others.
func Example() {
	server, err := apiservertest.NewServer()
	if err != nil {
		panic(err)
	}
	defer server.Close()
	client, err := kubernetes.NewForConfig(server.Config())
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	deployments := client.AppsV1().Deployments("default")

	// One manager wants a Deployment, whether it is there or not.
	labels := map[string]string{"app": "web"}
	web := appsv1ac.Deployment("web", "default").WithSpec(appsv1ac.DeploymentSpec().
		WithReplicas(2).
		WithSelector(metav1ac.LabelSelector().WithMatchLabels(labels)).
		WithTemplate(corev1ac.PodTemplateSpec().WithLabels(labels).WithSpec(corev1ac.PodSpec().
			WithContainers(corev1ac.Container().WithName("web").WithImage("web:1")))))
	if _, err := deployments.Apply(ctx, web, metav1.ApplyOptions{FieldManager: "release"}); err != nil {
		panic(err)
	}

	// Another one wants something else of a field: that is a conflict, unless it takes the field over.
	scaled := appsv1ac.Deployment("web", "default").WithSpec(appsv1ac.DeploymentSpec().WithReplicas(5))
	_, err = deployments.Apply(ctx, scaled, metav1.ApplyOptions{FieldManager: "scaler"})
	fmt.Println("conflict:", apierrors.IsConflict(err))
	deployment, err := deployments.Apply(ctx, scaled, metav1.ApplyOptions{FieldManager: "scaler", Force: true})
	if err != nil {
		panic(err)
	}

	// The first one changes what it still manages. It must apply all of that: what it leaves out is removed.
	mine, err := appsv1ac.ExtractDeployment(deployment, "release")
	if err != nil {
		panic(err)
	}
	fmt.Println("release wants a number of replicas:", mine.Spec.Replicas != nil)
	mine.Spec.Template.Spec.Containers[0].WithImage("web:2")
	deployment, err = deployments.Apply(ctx, mine, metav1.ApplyOptions{FieldManager: "release"})
	if err != nil {
		panic(err)
	}
	fmt.Println(*deployment.Spec.Replicas, "replicas of", deployment.Spec.Template.Spec.Containers[0].Image)
	// Output:
	// conflict: true
	// release wants a number of replicas: false
	// 5 replicas of web:2
}
