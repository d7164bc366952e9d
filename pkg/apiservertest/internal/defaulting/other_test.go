package defaulting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	admissionregistrationv1beta1 "k8s.io/api/admissionregistration/v1beta1"
	certificatesv1beta1 "k8s.io/api/certificates/v1beta1"
	corev1 "k8s.io/api/core/v1"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	resourcev1alpha3 "k8s.io/api/resource/v1alpha3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// The golden files have neither what only an update can write, nor kinds that are not served by default.
func TestSetsWhatNoCreateShows(t *testing.T) {
	all := admissionregistrationv1.AllScopes
	policy := &admissionregistrationv1beta1.MutatingAdmissionPolicy{}
	policy.Spec.MatchConstraints = &admissionregistrationv1beta1.MatchResources{ResourceRules: []admissionregistrationv1beta1.NamedRuleWithOperations{{}}}
	wantPolicy := &admissionregistrationv1beta1.MutatingAdmissionPolicy{}
	wantPolicy.Spec.FailurePolicy = new(admissionregistrationv1beta1.Fail)
	wantPolicy.Spec.MatchConstraints = &admissionregistrationv1beta1.MatchResources{
		MatchPolicy: new(admissionregistrationv1beta1.Equivalent), NamespaceSelector: &metav1.LabelSelector{}, ObjectSelector: &metav1.LabelSelector{},
		ResourceRules: []admissionregistrationv1beta1.NamedRuleWithOperations{{RuleWithOperations: admissionregistrationv1.RuleWithOperations{Rule: admissionregistrationv1.Rule{Scope: &all}}}},
	}
	for _, test := range []struct {
		name      string
		got, want runtime.Object
		part      func(runtime.Object) any
	}{
		{
			"the first address of a pod is one of its addresses",
			&corev1.Pod{Status: corev1.PodStatus{PodIP: "1.2.3.4"}},
			&corev1.Pod{Status: corev1.PodStatus{PodIP: "1.2.3.4", PodIPs: []corev1.PodIP{{IP: "1.2.3.4"}}}},
			func(obj runtime.Object) any { return obj.(*corev1.Pod).Status },
		},
		{
			"an address of a load balancer is virtual",
			&corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer}, Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{
				Ingress: []corev1.LoadBalancerIngress{{IP: "1.2.3.4"}, {Hostname: "a.b"}},
			}}},
			&corev1.Service{Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{
				Ingress: []corev1.LoadBalancerIngress{{IP: "1.2.3.4", IPMode: new(corev1.LoadBalancerIPModeVIP)}, {Hostname: "a.b"}},
			}}},
			func(obj runtime.Object) any { return obj.(*corev1.Service).Status },
		},
		{
			"an exempt priority level shares nothing",
			&flowcontrolv1.PriorityLevelConfiguration{Spec: flowcontrolv1.PriorityLevelConfigurationSpec{Exempt: &flowcontrolv1.ExemptPriorityLevelConfiguration{}}},
			&flowcontrolv1.PriorityLevelConfiguration{Spec: flowcontrolv1.PriorityLevelConfigurationSpec{
				Exempt: &flowcontrolv1.ExemptPriorityLevelConfiguration{NominalConcurrencyShares: new(int32), LendablePercent: new(int32)},
			}},
			func(obj runtime.Object) any { return obj.(*flowcontrolv1.PriorityLevelConfiguration).Spec },
		},
		{
			"a certificate of a pod is valid for a day",
			&certificatesv1beta1.PodCertificateRequest{},
			&certificatesv1beta1.PodCertificateRequest{Spec: certificatesv1beta1.PodCertificateRequestSpec{MaxExpirationSeconds: new(int32(86400))}},
			func(obj runtime.Object) any { return obj.(*certificatesv1beta1.PodCertificateRequest).Spec },
		},
		{
			"a status of pools is of 100",
			&resourcev1alpha3.ResourcePoolStatusRequest{},
			&resourcev1alpha3.ResourcePoolStatusRequest{Spec: resourcev1alpha3.ResourcePoolStatusRequestSpec{Limit: new(int32(100))}},
			func(obj runtime.Object) any { return obj.(*resourcev1alpha3.ResourcePoolStatusRequest).Spec },
		},
		{
			"a mutating policy of the beta version", policy, wantPolicy,
			func(obj runtime.Object) any { return obj.(*admissionregistrationv1beta1.MutatingAdmissionPolicy).Spec },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			Default(test.got)
			if diff := cmp.Diff(test.part(test.want), test.part(test.got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
