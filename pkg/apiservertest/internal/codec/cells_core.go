package codec

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

const (
	none    = "<none>"
	unset   = "<unset>"
	unknown = "<unknown>"
)

// orNone returns s, or what stands for nothing.
func orNone[S ~string](s S) string { return cmp.Or(string(s), none) }

func selector(match map[string]string) string { return orNone(labels.FormatLabels(match)) }

// ofKind calls cells with obj as a T. What it is not has a name only: a resource of a user's scheme that bears a well-known name.
func ofKind[T any](obj kind.Object, cells func(T) []any) []any {
	if typed, ok := obj.(T); ok {
		return cells(typed)
	}
	return []any{obj.GetName()}
}

// names returns the names and images of containers.
func names(containers []corev1.Container) (names, images string) {
	var n, i []string
	for _, c := range containers {
		n, i = append(n, c.Name), append(i, c.Image)
	}
	return strings.Join(n, ","), strings.Join(i, ",")
}

func configMapCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.ConfigMap) []any {
		return []any{o.Name, int64(len(o.Data) + len(o.BinaryData)), p.age(o)}
	})
}

func secretCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Secret) []any {
		return []any{o.Name, string(o.Type), int64(len(o.Data)), p.age(o)}
	})
}

func namespaceCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Namespace) []any {
		return []any{o.Name, string(o.Status.Phase), p.age(o)}
	})
}

func endpointsCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Endpoints) []any { //nolint:staticcheck // deprecated, and served
		var all []string
		for _, subset := range o.Subsets {
			for _, address := range subset.Addresses {
				if len(subset.Ports) == 0 {
					all = append(all, address.IP)
				}
				for _, port := range subset.Ports {
					all = append(all, net.JoinHostPort(address.IP, strconv.Itoa(int(port.Port))))
				}
			}
		}
		return []any{o.Name, upToThree(all), p.age(o)}
	})
}

// upToThree joins the first three of all, and says how many there are beyond.
func upToThree(all []string) string {
	const most = 3
	switch {
	case len(all) == 0:
		return none
	case len(all) > most:
		return fmt.Sprintf("%s + %d more...", strings.Join(all[:most], ","), len(all)-most)
	}
	return strings.Join(all, ",")
}

func eventCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Event) []any {
		first, last := p.since(o.FirstTimestamp), p.since(o.LastTimestamp)
		if o.FirstTimestamp.IsZero() {
			first = p.since(metav1.Time(o.EventTime))
		}
		count := o.Count
		switch {
		case o.Series != nil:
			last, count = p.since(metav1.Time(o.Series.LastObservedTime)), o.Series.Count
		case o.LastTimestamp.IsZero():
			last = first
		}
		object := strings.ToLower(o.InvolvedObject.Kind)
		if o.InvolvedObject.Name != "" {
			object += "/" + o.InvolvedObject.Name
		}
		source := cmp.Or(o.Source.Component, o.ReportingController)
		if host := cmp.Or(o.Source.Host, o.ReportingInstance); host != "" {
			source += ", " + host
		}
		return []any{last, o.Type, o.Reason, object, o.InvolvedObject.FieldPath, source, strings.TrimSpace(o.Message), first, int64(max(count, 1)), o.Name}
	})
}

func nodeCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Node) []any {
		status := "Unknown"
		for _, condition := range o.Status.Conditions {
			if condition.Type == corev1.NodeReady {
				status = "NotReady"
				if condition.Status == corev1.ConditionTrue {
					status = "Ready"
				}
			}
		}
		if o.Spec.Unschedulable {
			status += ",SchedulingDisabled"
		}
		const role = "node-role.kubernetes.io/"
		var roles []string
		for label, value := range o.Labels {
			switch name, ok := strings.CutPrefix(label, role); {
			case ok && name != "":
				roles = append(roles, name)
			case label == "kubernetes.io/role" && value != "":
				roles = append(roles, value)
			}
		}
		slices.Sort(roles)
		address := func(kind corev1.NodeAddressType) string {
			for _, a := range o.Status.Addresses {
				if a.Type == kind {
					return a.Address
				}
			}
			return none
		}
		info := o.Status.NodeInfo
		return []any{o.Name, status, orNone(strings.Join(slices.Compact(roles), ",")), p.age(o), info.KubeletVersion, address(corev1.NodeInternalIP),
			address(corev1.NodeExternalIP), cmp.Or(info.OSImage, unknown), cmp.Or(info.KernelVersion, unknown), cmp.Or(info.ContainerRuntimeVersion, unknown)}
	})
}

func serviceCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.Service) []any {
		ports := make([]string, 0, len(o.Spec.Ports))
		for _, port := range o.Spec.Ports {
			if port.NodePort > 0 {
				ports = append(ports, fmt.Sprintf("%d:%d/%s", port.Port, port.NodePort, port.Protocol))
				continue
			}
			ports = append(ports, fmt.Sprintf("%d/%s", port.Port, port.Protocol))
		}
		cluster := none
		if len(o.Spec.ClusterIPs) > 0 {
			cluster = o.Spec.ClusterIPs[0]
		}
		return []any{o.Name, string(o.Spec.Type), cmp.Or(o.Spec.ClusterIP, cluster), externalIP(o), orNone(strings.Join(ports, ",")), p.age(o), selector(o.Spec.Selector)}
	})
}

// externalIP is where a service is to be reached from outside.
func externalIP(o *corev1.Service) string {
	switch o.Spec.Type {
	case corev1.ServiceTypeExternalName:
		return o.Spec.ExternalName
	case corev1.ServiceTypeLoadBalancer:
		var all []string
		for _, ingress := range o.Status.LoadBalancer.Ingress {
			all = append(all, cmp.Or(ingress.IP, ingress.Hostname))
		}
		all = append(all, o.Spec.ExternalIPs...)
		return cmp.Or(strings.Join(all, ","), "<pending>")
	}
	return orNone(strings.Join(o.Spec.ExternalIPs, ","))
}

func replicationControllerCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.ReplicationController) []any {
		var containers, images string
		if o.Spec.Template != nil {
			containers, images = names(o.Spec.Template.Spec.Containers)
		}
		return []any{o.Name, wanted(o.Spec.Replicas), int64(o.Status.Replicas), int64(o.Status.ReadyReplicas), p.age(o), containers, images, selector(o.Spec.Selector)}
	})
}

// wanted is how many replicas there shall be: one unless it is said.
func wanted(replicas *int32) int64 {
	if replicas == nil {
		return 1
	}
	return int64(*replicas)
}

// accessModes are printed by their initials.
func accessModes(modes []corev1.PersistentVolumeAccessMode) string {
	short := map[corev1.PersistentVolumeAccessMode]string{
		corev1.ReadWriteOnce: "RWO", corev1.ReadOnlyMany: "ROX", corev1.ReadWriteMany: "RWX", corev1.ReadWriteOncePod: "RWOP",
	}
	var out []string
	for _, mode := range []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOncePod} {
		if slices.Contains(modes, mode) {
			out = append(out, short[mode])
		}
	}
	return strings.Join(out, ",")
}

func claimCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.PersistentVolumeClaim) []any {
		phase := string(o.Status.Phase)
		if o.DeletionTimestamp != nil {
			phase = "Terminating"
		}
		capacity, modes := "", ""
		if o.Spec.VolumeName != "" {
			modes, capacity = accessModes(o.Status.AccessModes), quantity(o.Status.Capacity)
		}
		return []any{o.Name, phase, o.Spec.VolumeName, capacity, modes, deref(o.Spec.StorageClassName, ""), deref(o.Spec.VolumeAttributesClassName, unset), p.age(o),
			deref(o.Spec.VolumeMode, unset)}
	})
}

func volumeCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.PersistentVolume) []any {
		phase, claim := string(o.Status.Phase), ""
		if o.DeletionTimestamp != nil {
			phase = "Terminating"
		}
		if ref := o.Spec.ClaimRef; ref != nil {
			claim = ref.Namespace + "/" + ref.Name
		}
		return []any{o.Name, quantity(o.Spec.Capacity), accessModes(o.Spec.AccessModes), string(o.Spec.PersistentVolumeReclaimPolicy), phase, claim,
			o.Spec.StorageClassName, deref(o.Spec.VolumeAttributesClassName, unset), o.Status.Reason, p.age(o), deref(o.Spec.VolumeMode, unset)}
	})
}

// quantity is that of storage.
func quantity(resources corev1.ResourceList) string {
	q, ok := resources[corev1.ResourceStorage]
	if !ok {
		return ""
	}
	return q.String()
}

// deref returns what s points to, or otherwise.
func deref[S ~string](s *S, otherwise string) string {
	if s == nil || *s == "" {
		return otherwise
	}
	return string(*s)
}
