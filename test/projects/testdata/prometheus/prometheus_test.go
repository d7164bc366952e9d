package proof

import (
	"context"
	"testing"

	applymetav1 "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/meta/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"

	applyv1 "example.test/prometheus/pkg/generated/applyconfiguration/monitoring/v1"
	"example.test/prometheus/pkg/generated/clientset/versioned"
	"example.test/prometheus/pkg/generated/clientset/versioned/fake"
	"example.test/prometheus/pkg/generated/informers/externalversions"
)

func monitors(set versioned.Interface) kind[*monitoringv1.ServiceMonitor, *monitoringv1.ServiceMonitorList, *applyv1.ServiceMonitorApplyConfiguration] {
	factory := externalversions.NewSharedInformerFactory(set, 0)
	informer := factory.Monitoring().V1().ServiceMonitors()
	return kind[*monitoringv1.ServiceMonitor, *monitoringv1.ServiceMonitorList, *applyv1.ServiceMonitorApplyConfiguration]{
		client:   set.MonitoringV1().ServiceMonitors(namespace),
		informer: informer.Informer(),
		start:    func(ctx context.Context) { factory.StartWithContext(ctx) },
		cached:   informer.Lister().ServiceMonitors(namespace).Get,
		created: &monitoringv1.ServiceMonitor{
			ObjectMeta: metav1.ObjectMeta{Name: "created", Namespace: namespace},
			Spec: monitoringv1.ServiceMonitorSpec{
				Selector:  metav1.LabelSelector{MatchLabels: map[string]string{"app": "a"}},
				Endpoints: []monitoringv1.Endpoint{{Port: "metrics"}},
			},
		},
		applied: applyv1.ServiceMonitor("applied", namespace).WithSpec(applyv1.ServiceMonitorSpec().
			WithSelector(applymetav1.LabelSelector().WithMatchLabels(map[string]string{"app": "b"})).
			WithEndpoints(applyv1.Endpoint().WithPort("metrics").WithInterval("30s"))),
		extract: applyv1.ExtractServiceMonitor,
	}
}

// The server has the types that the project registers.
func TestServer(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := monitoringv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	set, err := versioned.NewForConfig(apiservertest.NewServerForTest(t, apiservertest.WithScheme(scheme)).Config())
	if err != nil {
		t.Fatal(err)
	}
	k := monitors(set)
	extracts(t, k, use(t, k))
}

func TestFake(t *testing.T) {
	k := monitors(fake.NewClientset())
	extracts(t, k, use(t, k))
}
