package fake_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/generated/kubernetes/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// test/compat compares the actions of all methods with those of client-go's fakes.

func TestRollbackNeedsNoMetadata(t *testing.T) {
	set := fake.NewSimpleClientset(&extensionsv1beta1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "d", Namespace: "ns"}})
	deployments := set.ExtensionsV1beta1().Deployments("ns")
	if err := deployments.Rollback(t.Context(), &extensionsv1beta1.DeploymentRollback{Name: "d"}, metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
	if err := deployments.Rollback(t.Context(), &extensionsv1beta1.DeploymentRollback{Name: "none"}, metav1.CreateOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestLogsAndEvictionsAreWhatReactorsSay(t *testing.T) {
	set := fake.NewSimpleClientset(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "ns"}})
	if got, err := set.CoreV1().Pods("ns").GetLogs("p", nil).DoRaw(t.Context()); string(got) != "fake logs" || err != nil {
		t.Errorf("%q, error %v", got, err)
	}
	set.PrependReactor("get", "pods/log", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, &runtime.Unknown{Raw: []byte("mine")}, nil
	})
	if got, err := set.CoreV1().Pods("ns").GetLogs("p", nil).DoRaw(t.Context()); string(got) != "mine" || err != nil {
		t.Errorf("%q, error %v", got, err)
	}
	set.PrependReactor("create", "pods/eviction", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, apierrors.NewTooManyRequests("a budget", 0)
	})
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "ns"}}
	if err := set.PolicyV1().Evictions("").Evict(t.Context(), eviction); !apierrors.IsTooManyRequests(err) {
		t.Errorf("error %v", err)
	}
}
