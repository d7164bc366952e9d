package projects

// What the projects and the code that is generated for them import, so that go.mod requires it.
import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/acme/v1"
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1beta1"
	_ "sigs.k8s.io/gateway-api/apis/v1"
	_ "sigs.k8s.io/gateway-api/apis/v1alpha2"
	_ "sigs.k8s.io/gateway-api/apis/v1alpha3"
	_ "sigs.k8s.io/gateway-api/apis/v1beta1"

	_ "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/meta/v1"
	_ "github.com/kubewright/kubewright/pkg/apiservertest"
	_ "github.com/kubewright/kubewright/pkg/runtime/apply"
	_ "github.com/kubewright/kubewright/pkg/runtime/fake"
)
