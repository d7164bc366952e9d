package proof

import (
	"context"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	applyv1 "sigs.k8s.io/gateway-api/pkg/generated/applyconfiguration/apis/v1"
	"sigs.k8s.io/gateway-api/pkg/generated/clientset/versioned"
	"sigs.k8s.io/gateway-api/pkg/generated/clientset/versioned/fake"
	"sigs.k8s.io/gateway-api/pkg/generated/informers/externalversions"
)

func gateways(set versioned.Interface) kind[*gatewayv1.Gateway, *gatewayv1.GatewayList, *applyv1.GatewayApplyConfiguration] {
	factory := externalversions.NewSharedInformerFactory(set, 0)
	informer := factory.Gateway().V1().Gateways()
	return kind[*gatewayv1.Gateway, *gatewayv1.GatewayList, *applyv1.GatewayApplyConfiguration]{
		client:   set.GatewayV1().Gateways(namespace),
		informer: informer.Informer(),
		start:    func(ctx context.Context) { factory.StartWithContext(ctx) },
		cached:   informer.Lister().Gateways(namespace).Get,
		created: &gatewayv1.Gateway{
			ObjectMeta: metav1.ObjectMeta{Name: "created", Namespace: namespace},
			Spec: gatewayv1.GatewaySpec{
				GatewayClassName: "class",
				Listeners:        []gatewayv1.Listener{{Name: "http", Port: 80, Protocol: gatewayv1.HTTPProtocolType}},
			},
		},
		applied: applyv1.Gateway("applied", namespace).WithLabels(map[string]string{"a": "b"}).
			WithSpec(applyv1.GatewaySpec().WithGatewayClassName("class").WithListeners(
				applyv1.Listener().WithName("http").WithPort(80).WithProtocol(gatewayv1.HTTPProtocolType),
				applyv1.Listener().WithName("https").WithPort(443).WithProtocol(gatewayv1.HTTPSProtocolType).
					WithTLS(applyv1.ListenerTLSConfig().WithMode(gatewayv1.TLSModeTerminate)),
			)),
		extract: applyv1.ExtractGateway,
	}
}

// The server has no library of schemas, so that to it lists have no keys: what was applied is extracted from the fake.
func TestServer(t *testing.T) {
	set, err := versioned.NewForConfig(apiservertest.NewServerForTest(t).Config())
	if err != nil {
		t.Fatal(err)
	}
	define(t, set.GatewayV1().RESTClient(), "../config/crd/standard/gateway.networking.k8s.io_gateways.yaml", "gateways")
	use(t, gateways(set))
}

func TestFake(t *testing.T) {
	k := gateways(fake.NewClientset())
	extracts(t, k, use(t, k))
}
