package e2e

import (
	"net/http"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	monitoringv1 "github.com/kubewright/kubewright/apis/monitoring/v1"
	stablev1 "github.com/kubewright/kubewright/apis/stable/v1"
)

const protobuf = "application/vnd.kubernetes.protobuf"

// TestBuiltInKinds runs in JSON, and in protobuf, which is the default.
func TestBuiltInKinds(t *testing.T) {
	for name, contentType := range map[string]string{"JSON": "application/json", "protobuf": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := adminConfig(t)
			config.ContentType = contentType
			recorder := record(config)
			client := kubeClient(t, config)
			namespace := newNamespace(t, config)

			t.Run("ConfigMap", func(t *testing.T) {
				testVerbs(t, client.CoreV1().ConfigMaps(namespace), func() *corev1.ConfigMap {
					return &corev1.ConfigMap{Data: map[string]string{"key": "value", "unicode": "значение"}, BinaryData: map[string][]byte{"bytes": {0, 255}}}
				})
			})
			t.Run("Deployment", func(t *testing.T) {
				testVerbs(t, client.AppsV1().Deployments(namespace), newDeployment)
			})
			t.Run("Lease", func(t *testing.T) {
				holder, seconds, now := "me", int32(15), metav1.NowMicro()
				testVerbs(t, client.CoordinationV1().Leases(namespace), func() *coordinationv1.Lease {
					return &coordinationv1.Lease{Spec: coordinationv1.LeaseSpec{HolderIdentity: &holder, LeaseDurationSeconds: &seconds, RenewTime: &now}}
				})
			})
			t.Run("Node", func(t *testing.T) {
				testVerbs(t, client.CoreV1().Nodes(), newNode)
			})

			if name == "protobuf" {
				notProtobuf := recorder.count(func(r *http.Request) bool { return !strings.HasPrefix(r.Header.Get("Accept"), protobuf) })
				if notProtobuf > 0 {
					t.Errorf("%d requests do not ask for protobuf", notProtobuf)
				}
			} else if n := recorder.count(func(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "protobuf") }); n > 0 {
				t.Errorf("%d requests ask for protobuf", n)
			}
		})
	}
}

func TestCustomKinds(t *testing.T) {
	t.Parallel()
	config := adminConfig(t)
	client := samplesClient(t, config)
	namespace := newNamespace(t, config)

	t.Run("CronTab", func(t *testing.T) {
		testVerbs(t, client.StableV1().CronTabs(namespace), newCronTab)
	})
	t.Run("CronTabClass", func(t *testing.T) {
		testVerbs(t, client.StableV1().CronTabClasses(), func() *stablev1.CronTabClass {
			return &stablev1.CronTabClass{Spec: stablev1.CronTabClassSpec{TimeZone: "Europe/Berlin", MaxReplicas: 5}}
		})
	})
	t.Run("Prometheus", func(t *testing.T) {
		testVerbs(t, client.MonitoringV1().Prometheuses(namespace), func() *monitoringv1.Prometheus {
			return &monitoringv1.Prometheus{Spec: monitoringv1.PrometheusSpec{
				ServiceMonitorSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": "a"}},
				ExternalLabels:         map[string]string{"region": "eu"},
			}}
		})
	})
	t.Run("ServiceMonitor", func(t *testing.T) {
		testVerbs(t, client.MonitoringV1().ServiceMonitors(namespace), func() *monitoringv1.ServiceMonitor {
			return &monitoringv1.ServiceMonitor{Spec: monitoringv1.ServiceMonitorSpec{
				Endpoints: []monitoringv1.Endpoint{{Port: "web", Params: map[string][]string{"match": {"a", "b"}}}},
			}}
		})
	})
}

func newDeployment() *appsv1.Deployment {
	labels := map[string]string{"app": "web"}
	return &appsv1.Deployment{Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: labels},
		Strategy: appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{MaxSurge: new(intstr.FromString("10%"))}},
		Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels},
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "web:1"}}},
		},
	}}
}

func newNode() *corev1.Node {
	return &corev1.Node{Status: corev1.NodeStatus{Capacity: corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("1500m"),
		corev1.ResourceMemory: resource.MustParse("16Gi"),
	}}}
}

func newCronTab() *stablev1.CronTab {
	return &stablev1.CronTab{Spec: stablev1.CronTabSpec{CronSpec: "0 3 * * *", Image: "backup:1"}}
}

func TestStatusAndScaleOfDeployments(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{"JSON": "application/json", "protobuf": ""} {
		t.Run(name, func(t *testing.T) {
			config := adminConfig(t)
			config.ContentType = contentType
			client := kubeClient(t, config).AppsV1().Deployments(newNamespace(t, config))
			ctx := t.Context()

			deployment := newDeployment()
			deployment.Name = "web"
			deployment, err := client.Create(ctx, deployment, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			deployment.Status.ObservedGeneration = deployment.Generation
			deployment.Labels = map[string]string{"ignored": "by the status subresource"}
			updated, err := client.UpdateStatus(ctx, deployment, metav1.UpdateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if updated.Status.ObservedGeneration != deployment.Generation || len(updated.Labels) > 0 {
				t.Errorf("UpdateStatus changed more or less than the status: %v, labels %v", updated.Status, updated.Labels)
			}

			scale, err := client.GetScale(ctx, "web", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if scale.Spec.Replicas != 1 || scale.Status.Selector != "app=web" {
				t.Errorf("got scale %v", scale)
			}
			scale.Spec.Replicas = 4
			if _, err := client.UpdateScale(ctx, "web", scale, metav1.UpdateOptions{}); err != nil {
				t.Fatal(err)
			}
			if _, err := client.UpdateScale(ctx, "web", scale, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
				t.Errorf("stale scale: got %v, want Conflict", err)
			}
			deployment, err = client.Get(ctx, "web", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if *deployment.Spec.Replicas != 4 {
				t.Errorf("got %d replicas, want 4", *deployment.Spec.Replicas)
			}
		})
	}
}

func TestStatusAndScaleOfCronTabs(t *testing.T) {
	t.Parallel()
	config := adminConfig(t)
	client := samplesClient(t, config).StableV1().CronTabs(newNamespace(t, config))
	ctx := t.Context()

	crontab := newCronTab()
	crontab.Name = "backup"
	crontab, err := client.Create(ctx, crontab, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if crontab.Spec.Replicas == nil || *crontab.Spec.Replicas != 1 {
		t.Errorf("the server's default for replicas did not come back: %v", crontab.Spec)
	}
	crontab.Status = stablev1.CronTabStatus{Replicas: 1, LabelSelector: "app=backup"}
	crontab.Spec.Image = "ignored by the status subresource"
	crontab, err = client.UpdateStatus(ctx, crontab, metav1.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if crontab.Status.Replicas != 1 || crontab.Spec.Image != "backup:1" {
		t.Errorf("UpdateStatus changed more or less than the status: %v", crontab)
	}

	scale, err := client.GetScale(ctx, "backup", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if scale.Spec.Replicas != 1 || scale.Status.Replicas != 1 || scale.Status.Selector != "app=backup" {
		t.Errorf("got scale %v", scale)
	}
	scale.Spec.Replicas = 7
	if _, err := client.UpdateScale(ctx, "backup", scale, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	crontab, err = client.Get(ctx, "backup", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if *crontab.Spec.Replicas != 7 {
		t.Errorf("got %d replicas, want 7", *crontab.Spec.Replicas)
	}
}

func TestInvalidObjectIsAnInvalidError(t *testing.T) {
	t.Parallel()
	config := adminConfig(t)
	crontab := newCronTab()
	crontab.Name = "backup"
	crontab.Spec.CronSpec = "tomorrow"
	_, err := samplesClient(t, config).StableV1().CronTabs(newNamespace(t, config)).Create(t.Context(), crontab, metav1.CreateOptions{})
	if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "spec.cronSpec") {
		t.Errorf("got %v, want Invalid for spec.cronSpec", err)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	user, err := shared.ClientCertificate("jane", "readers")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("token", func(t *testing.T) {
		if _, err := kubeClient(t, configFor(t, shared.Server(0), shared.AdminToken())).CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("client certificate without rights", func(t *testing.T) {
		_, err := kubeClient(t, configFor(t, shared.Server(0), user)).CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{})
		if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), `"jane"`) {
			t.Errorf("got %v, want Forbidden for jane", err)
		}
	})
	t.Run("wrong token", func(t *testing.T) {
		config := configFor(t, shared.Server(0), shared.AdminToken())
		config.BearerToken = "wrong"
		if _, err := kubeClient(t, config).CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{}); !apierrors.IsUnauthorized(err) {
			t.Errorf("got %v, want Unauthorized", err)
		}
	})
	t.Run("impersonation", func(t *testing.T) {
		config := adminConfig(t)
		config.Impersonate.UserName = "joe"
		_, err := kubeClient(t, config).CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{})
		if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), `"joe"`) {
			t.Errorf("got %v, want Forbidden for joe", err)
		}
	})
	t.Run("server of an unknown authority", func(t *testing.T) {
		config := adminConfig(t)
		config.CAData, config.CAFile = nil, ""
		if _, err := kubeClient(t, config).CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{}); err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") {
			t.Errorf("got %v, want a refusal of the server's certificate", err)
		}
	})
}
