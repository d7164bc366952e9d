package defaulting

import rbacv1 "k8s.io/api/rbac/v1"

func roleBinding(b *rbacv1.RoleBinding) { binding(&b.RoleRef, b.Subjects) }

func clusterRoleBinding(b *rbacv1.ClusterRoleBinding) { binding(&b.RoleRef, b.Subjects) }

func binding(role *rbacv1.RoleRef, subjects []rbacv1.Subject) {
	to(&role.APIGroup, rbacv1.GroupName)
	for i := range subjects {
		if subject := &subjects[i]; subject.Kind == rbacv1.UserKind || subject.Kind == rbacv1.GroupKind {
			to(&subject.APIGroup, rbacv1.GroupName)
		}
	}
}
