package codec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	coordinationv1 "k8s.io/api/coordination/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func lower(s string) string { return strings.ToLower(s) }

// groupOf returns the group of an apiVersion.
func groupOf(apiVersion string) string {
	group, _, _ := strings.Cut(apiVersion, "/")
	return group
}

func leaseCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *coordinationv1.Lease) []any {
		return []any{o.Name, deref(o.Spec.HolderIdentity, ""), p.age(o)}
	})
}

func ingressCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *networkingv1.Ingress) []any {
		var hosts, addresses []string
		for _, rule := range o.Spec.Rules {
			if rule.Host != "" {
				hosts = append(hosts, rule.Host)
			}
		}
		for _, ingress := range o.Status.LoadBalancer.Ingress {
			addresses = append(addresses, cmp.Or(ingress.IP, ingress.Hostname))
		}
		ports := "80"
		if len(o.Spec.TLS) > 0 {
			ports = "80, 443"
		}
		host := "*"
		if len(hosts) > 0 {
			host = upToThree(hosts)
		}
		return []any{o.Name, deref(o.Spec.IngressClassName, none), host, strings.Join(addresses, ","), ports, p.age(o)}
	})
}

func ingressClassCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *networkingv1.IngressClass) []any {
		parameters := none
		if ref := o.Spec.Parameters; ref != nil {
			parameters = ref.Kind
			if group := deref(ref.APIGroup, ""); group != "" {
				parameters += "." + group
			}
			parameters += "/" + ref.Name
		}
		return []any{o.Name, o.Spec.Controller, parameters, p.age(o)}
	})
}

func networkPolicyCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *networkingv1.NetworkPolicy) []any {
		return []any{o.Name, labelSelector(&o.Spec.PodSelector), p.age(o)}
	})
}

func budgetCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *policyv1.PodDisruptionBudget) []any {
		text := func(v *intstr.IntOrString) string {
			if v == nil {
				return "N/A"
			}
			return v.String()
		}
		return []any{o.Name, text(o.Spec.MinAvailable), text(o.Spec.MaxUnavailable), int64(o.Status.DisruptionsAllowed), p.age(o)}
	})
}

// subjects returns the names of users, groups and service accounts.
func subjects(all []rbacv1.Subject) (users, groups, accounts string) {
	var u, g, a []string
	for _, s := range all {
		switch s.Kind {
		case rbacv1.UserKind:
			u = append(u, s.Name)
		case rbacv1.GroupKind:
			g = append(g, s.Name)
		case rbacv1.ServiceAccountKind:
			a = append(a, s.Namespace+"/"+s.Name)
		}
	}
	return strings.Join(u, ", "), strings.Join(g, ", "), strings.Join(a, ", ")
}

func roleBindingCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *rbacv1.RoleBinding) []any {
		users, groups, accounts := subjects(o.Subjects)
		return []any{o.Name, o.RoleRef.Kind + "/" + o.RoleRef.Name, p.age(o), users, groups, accounts}
	})
}

func clusterRoleBindingCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *rbacv1.ClusterRoleBinding) []any {
		users, groups, accounts := subjects(o.Subjects)
		return []any{o.Name, o.RoleRef.Kind + "/" + o.RoleRef.Name, p.age(o), users, groups, accounts}
	})
}

func priorityClassCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *schedulingv1.PriorityClass) []any {
		return []any{o.Name, int64(o.Value), o.GlobalDefault, p.age(o), deref(o.PreemptionPolicy, "")}
	})
}

func storageClassCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *storagev1.StorageClass) []any {
		name := o.Name
		if o.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
			name += " (default)"
		}
		return []any{name, o.Provisioner, deref(o.ReclaimPolicy, "Delete"), deref(o.VolumeBindingMode, "Immediate"),
			o.AllowVolumeExpansion != nil && *o.AllowVolumeExpansion, p.age(o)}
	})
}

func autoscalerCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *autoscalingv2.HorizontalPodAutoscaler) []any {
		minimum := unset
		if o.Spec.MinReplicas != nil {
			minimum = strconv.Itoa(int(*o.Spec.MinReplicas))
		}
		return []any{o.Name, o.Spec.ScaleTargetRef.Kind + "/" + o.Spec.ScaleTargetRef.Name, autoscalerTargets(o), minimum, int64(o.Spec.MaxReplicas),
			int64(o.Status.CurrentReplicas), p.age(o)}
	})
}

// autoscalerTargets says for each metric what it is and what it shall be; metrics other than those of resources by their kind only.
func autoscalerTargets(o *autoscalingv2.HorizontalPodAutoscaler) string {
	if len(o.Spec.Metrics) == 0 {
		return none
	}
	var all []string
	for _, m := range o.Spec.Metrics {
		if m.Resource == nil {
			all = append(all, lower(string(m.Type))+": "+unknown)
			continue
		}
		current := unknown
		i := slices.IndexFunc(o.Status.CurrentMetrics, func(s autoscalingv2.MetricStatus) bool {
			return s.Resource != nil && s.Resource.Name == m.Resource.Name
		})
		switch target := m.Resource.Target; {
		case target.AverageUtilization != nil:
			if i >= 0 && o.Status.CurrentMetrics[i].Resource.Current.AverageUtilization != nil {
				current = fmt.Sprintf("%d%%", *o.Status.CurrentMetrics[i].Resource.Current.AverageUtilization)
			}
			all = append(all, fmt.Sprintf("%s: %s/%d%%", m.Resource.Name, current, *target.AverageUtilization))
		case target.AverageValue != nil:
			if i >= 0 && o.Status.CurrentMetrics[i].Resource.Current.AverageValue != nil {
				current = o.Status.CurrentMetrics[i].Resource.Current.AverageValue.String()
			}
			all = append(all, fmt.Sprintf("%s: %s/%s", m.Resource.Name, current, target.AverageValue))
		}
	}
	if len(all) > 2 {
		return fmt.Sprintf("%s + %d more...", strings.Join(all[:2], ", "), len(all)-2)
	}
	return strings.Join(all, ", ")
}
