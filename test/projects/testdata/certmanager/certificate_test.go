package proof

import (
	"context"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest"

	applyv1 "github.com/cert-manager/cert-manager/pkg/generated/applyconfiguration/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/generated/clientset/versioned"
	"github.com/cert-manager/cert-manager/pkg/generated/clientset/versioned/fake"
	"github.com/cert-manager/cert-manager/pkg/generated/informers/externalversions"
)

func certificates(set versioned.Interface) kind[*certmanagerv1.Certificate, *certmanagerv1.CertificateList, *applyv1.CertificateApplyConfiguration] {
	factory := externalversions.NewSharedInformerFactory(set, 0)
	informer := factory.Certmanager().V1().Certificates()
	return kind[*certmanagerv1.Certificate, *certmanagerv1.CertificateList, *applyv1.CertificateApplyConfiguration]{
		client:   set.CertmanagerV1().Certificates(namespace),
		informer: informer.Informer(),
		start:    func(ctx context.Context) { factory.StartWithContext(ctx) },
		cached:   informer.Lister().Certificates(namespace).Get,
		created: &certmanagerv1.Certificate{
			ObjectMeta: metav1.ObjectMeta{Name: "created", Namespace: namespace},
			Spec:       certmanagerv1.CertificateSpec{SecretName: "secret", DNSNames: []string{"a.example.com"}},
		},
		applied: applyv1.Certificate("applied", namespace).WithSpec(applyv1.CertificateSpec().
			WithSecretName("secret").WithDNSNames("b.example.com", "c.example.com").
			WithPrivateKey(applyv1.CertificatePrivateKey().WithAlgorithm(certmanagerv1.ECDSAKeyAlgorithm).WithSize(256))),
		extract: applyv1.ExtractCertificate,
	}
}

func TestServer(t *testing.T) {
	set, err := versioned.NewForConfig(apiservertest.NewServerForTest(t).Config())
	if err != nil {
		t.Fatal(err)
	}
	define(t, set.CertmanagerV1().RESTClient(), "crd.yaml", "certificates")
	k := certificates(set)
	extracts(t, k, use(t, k))
}

func TestFake(t *testing.T) {
	k := certificates(fake.NewClientset())
	extracts(t, k, use(t, k))
}
