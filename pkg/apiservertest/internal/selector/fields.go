package selector

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	resourcev1 "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// field reads what a selector compares.
type field func(obj kind.Object) string

// table is what objects of a resource can be selected by.
type table struct {
	fields  map[string]field
	unknown func(label string) string // the text that refuses another field
}

func name(obj kind.Object) string      { return obj.GetName() }
func namespace(obj kind.Object) string { return obj.GetNamespace() }

// of reads a field of the objects that have the type T. Others have it empty: they can only be of another version, and versions with another type are not
// stored where a field is listed here.
func of[T any](read func(*T) string) field {
	return func(obj kind.Object) string {
		if typed, ok := any(obj).(*T); ok {
			return read(typed)
		}
		return ""
	}
}

func notSupported(label string) string { return "field label not supported: " + label }

// general is the table of resources that have none of their own.
var general = table{
	fields: map[string]field{"metadata.name": name, "metadata.namespace": namespace},
	unknown: func(label string) string {
		return fmt.Sprintf("%q is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", label)
	},
}

func tableOf(r *kind.Resource, selectable []string) table {
	if r.Custom {
		return customTable(r, selectable)
	}
	if t, ok := tables[r.GroupResource()]; ok {
		return t
	}
	return general
}

func customTable(r *kind.Resource, selectable []string) table {
	t := table{fields: map[string]field{"metadata.name": name}, unknown: notSupported}
	if r.Namespaced {
		t.fields["metadata.namespace"] = namespace
	}
	for _, path := range selectable {
		path = strings.TrimPrefix(path, ".")
		steps := strings.Split(path, ".")
		t.fields[path] = of(func(u *unstructured.Unstructured) string {
			value, found, err := unstructured.NestedFieldNoCopy(u.Object, steps...)
			if err != nil || !found {
				return ""
			}
			return fmt.Sprint(value)
		})
	}
	return t
}

// tables are of the resources that have fields of their own. Events of both groups are stored as those of the core group.
var tables = map[schema.GroupResource]table{
	{Resource: "pods"}: namespaced(map[string]field{
		"spec.nodeName":            of(func(p *corev1.Pod) string { return p.Spec.NodeName }),
		"spec.host":                of(func(p *corev1.Pod) string { return p.Spec.NodeName }),
		"spec.restartPolicy":       of(func(p *corev1.Pod) string { return string(p.Spec.RestartPolicy) }),
		"spec.schedulerName":       of(func(p *corev1.Pod) string { return p.Spec.SchedulerName }),
		"spec.serviceAccountName":  of(func(p *corev1.Pod) string { return p.Spec.ServiceAccountName }),
		"spec.hostNetwork":         of(func(p *corev1.Pod) string { return strconv.FormatBool(p.Spec.HostNetwork) }),
		"status.phase":             of(func(p *corev1.Pod) string { return string(p.Status.Phase) }),
		"status.podIP":             of(func(p *corev1.Pod) string { return p.Status.PodIP }),
		"status.podIPs":            of(func(p *corev1.Pod) string { return p.Status.PodIP }),
		"status.nominatedNodeName": of(func(p *corev1.Pod) string { return p.Status.NominatedNodeName }),
	}),
	{Resource: "nodes"}: {
		fields: map[string]field{
			"metadata.name":      name,
			"spec.unschedulable": of(func(n *corev1.Node) string { return strconv.FormatBool(n.Spec.Unschedulable) }),
		},
		unknown: notSupported,
	},
	{Resource: "namespaces"}: {
		fields: map[string]field{
			"metadata.name": name,
			"status.phase":  of(func(n *corev1.Namespace) string { return string(n.Status.Phase) }),
		},
		unknown: notSupported,
	},
	{Resource: "secrets"}: namespaced(map[string]field{
		"type": of(func(s *corev1.Secret) string { return string(s.Type) }),
	}),
	{Resource: "services"}: namespaced(map[string]field{
		"spec.clusterIP": of(func(s *corev1.Service) string { return s.Spec.ClusterIP }),
		"spec.type":      of(func(s *corev1.Service) string { return string(s.Spec.Type) }),
	}),
	{Resource: "replicationcontrollers"}: namespaced(map[string]field{
		"status.replicas": of(func(r *corev1.ReplicationController) string { return strconv.Itoa(int(r.Status.Replicas)) }),
	}),
	{Group: "batch", Resource: "jobs"}: {
		fields: map[string]field{
			"metadata.name":      name,
			"metadata.namespace": namespace,
			"status.successful":  of(func(j *batchv1.Job) string { return strconv.Itoa(int(j.Status.Succeeded)) }),
		},
		unknown: func(label string) string { return fmt.Sprintf("field label %q not supported for Job", label) },
	},
	{Group: "certificates.k8s.io", Resource: "certificatesigningrequests"}: {
		fields: map[string]field{
			"metadata.name":   name,
			"spec.signerName": of(func(c *certificatesv1.CertificateSigningRequest) string { return c.Spec.SignerName }),
		},
		unknown: notSupported,
	},
	{Group: "resource.k8s.io", Resource: "resourceslices"}: {
		fields: map[string]field{
			"metadata.name": name,
			"spec.driver":   of(func(s *resourcev1.ResourceSlice) string { return s.Spec.Driver }),
			"spec.nodeName": of(func(s *resourcev1.ResourceSlice) string {
				if s.Spec.NodeName == nil {
					return ""
				}
				return *s.Spec.NodeName
			}),
		},
		unknown: func(label string) string {
			return "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: " + label
		},
	},
	{Resource: "events"}: namespaced(events("involvedObject", map[string]field{
		"reportingComponent": of(func(e *corev1.Event) string { return e.ReportingController }),
		"source":             of(eventSource),
	})),
	{Group: "events.k8s.io", Resource: "events"}: namespaced(events("regarding", map[string]field{
		"reportingController": of(eventSource),
	})),
}

// namespaced adds name and namespace.
func namespaced(fields map[string]field) table {
	fields["metadata.name"] = name
	fields["metadata.namespace"] = namespace
	return table{fields: fields, unknown: notSupported}
}

// events has what both groups have; object is what the group calls the object that an event is about.
func events(object string, fields map[string]field) map[string]field {
	maps.Copy(fields, map[string]field{
		"reason":                    of(func(e *corev1.Event) string { return e.Reason }),
		"type":                      of(func(e *corev1.Event) string { return e.Type }),
		object + ".kind":            of(func(e *corev1.Event) string { return e.InvolvedObject.Kind }),
		object + ".namespace":       of(func(e *corev1.Event) string { return e.InvolvedObject.Namespace }),
		object + ".name":            of(func(e *corev1.Event) string { return e.InvolvedObject.Name }),
		object + ".uid":             of(func(e *corev1.Event) string { return string(e.InvolvedObject.UID) }),
		object + ".apiVersion":      of(func(e *corev1.Event) string { return e.InvolvedObject.APIVersion }),
		object + ".resourceVersion": of(func(e *corev1.Event) string { return e.InvolvedObject.ResourceVersion }),
		object + ".fieldPath":       of(func(e *corev1.Event) string { return e.InvolvedObject.FieldPath }),
	})
	return fields
}

// eventSource is the component that reports an event, wherever it says so.
func eventSource(e *corev1.Event) string {
	if e.Source.Component != "" {
		return e.Source.Component
	}
	return e.ReportingController
}
