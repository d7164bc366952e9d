package defaulting

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	admissionregistrationv1beta1 "k8s.io/api/admissionregistration/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func validatingWebhooks(c *admissionregistrationv1.ValidatingWebhookConfiguration) {
	for i := range c.Webhooks {
		hook := &c.Webhooks[i]
		pointTo(&hook.FailurePolicy, admissionregistrationv1.Fail)
		pointTo(&hook.MatchPolicy, admissionregistrationv1.Equivalent)
		pointTo(&hook.NamespaceSelector, metav1.LabelSelector{})
		pointTo(&hook.ObjectSelector, metav1.LabelSelector{})
		pointTo(&hook.TimeoutSeconds, webhookSeconds)
		webhookPort(hook.ClientConfig.Service)
		rules(hook.Rules)
	}
}

func mutatingWebhooks(c *admissionregistrationv1.MutatingWebhookConfiguration) {
	for i := range c.Webhooks {
		hook := &c.Webhooks[i]
		pointTo(&hook.FailurePolicy, admissionregistrationv1.Fail)
		pointTo(&hook.MatchPolicy, admissionregistrationv1.Equivalent)
		pointTo(&hook.NamespaceSelector, metav1.LabelSelector{})
		pointTo(&hook.ObjectSelector, metav1.LabelSelector{})
		pointTo(&hook.TimeoutSeconds, webhookSeconds)
		pointTo(&hook.ReinvocationPolicy, admissionregistrationv1.NeverReinvocationPolicy)
		webhookPort(hook.ClientConfig.Service)
		rules(hook.Rules)
	}
}

// webhookSeconds is how long a server waits for the answer of a webhook.
const webhookSeconds = int32(10)

func webhookPort(s *admissionregistrationv1.ServiceReference) {
	if s != nil {
		pointTo(&s.Port, 443)
	}
}

func rules(list []admissionregistrationv1.RuleWithOperations) {
	for i := range list {
		pointTo(&list[i].Scope, admissionregistrationv1.AllScopes)
	}
}

func validatingPolicy(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
	pointTo(&p.Spec.FailurePolicy, admissionregistrationv1.Fail)
	matchResources(p.Spec.MatchConstraints)
}

func validatingPolicyBinding(b *admissionregistrationv1.ValidatingAdmissionPolicyBinding) {
	matchResources(b.Spec.MatchResources)
}

func mutatingPolicy(p *admissionregistrationv1.MutatingAdmissionPolicy) {
	pointTo(&p.Spec.FailurePolicy, admissionregistrationv1.Fail)
	matchResources(p.Spec.MatchConstraints)
}

func mutatingPolicyBinding(b *admissionregistrationv1.MutatingAdmissionPolicyBinding) {
	matchResources(b.Spec.MatchResources)
}

func matchResources(m *admissionregistrationv1.MatchResources) {
	if m == nil {
		return
	}
	pointTo(&m.MatchPolicy, admissionregistrationv1.Equivalent)
	pointTo(&m.NamespaceSelector, metav1.LabelSelector{})
	pointTo(&m.ObjectSelector, metav1.LabelSelector{})
	namedRules(m.ResourceRules)
	namedRules(m.ExcludeResourceRules)
}

func namedRules(list []admissionregistrationv1.NamedRuleWithOperations) {
	for i := range list {
		pointTo(&list[i].Scope, admissionregistrationv1.AllScopes)
	}
}

// Mutating policies are stored in their beta version where that is served.

func betaMutatingPolicy(p *admissionregistrationv1beta1.MutatingAdmissionPolicy) {
	pointTo(&p.Spec.FailurePolicy, admissionregistrationv1beta1.Fail)
	betaMatchResources(p.Spec.MatchConstraints)
}

func betaMutatingPolicyBinding(b *admissionregistrationv1beta1.MutatingAdmissionPolicyBinding) {
	betaMatchResources(b.Spec.MatchResources)
}

func betaMatchResources(m *admissionregistrationv1beta1.MatchResources) {
	if m == nil {
		return
	}
	pointTo(&m.MatchPolicy, admissionregistrationv1beta1.Equivalent)
	pointTo(&m.NamespaceSelector, metav1.LabelSelector{})
	pointTo(&m.ObjectSelector, metav1.LabelSelector{})
	betaNamedRules(m.ResourceRules)
	betaNamedRules(m.ExcludeResourceRules)
}

func betaNamedRules(list []admissionregistrationv1beta1.NamedRuleWithOperations) {
	for i := range list {
		pointTo(&list[i].Scope, admissionregistrationv1.AllScopes)
	}
}
