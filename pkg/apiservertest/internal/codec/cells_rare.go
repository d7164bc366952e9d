package codec

import (
	"strconv"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	nodev1 "k8s.io/api/node/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func podTemplateCells(_ printer, obj kind.Object) []any {
	return ofKind(obj, func(o *corev1.PodTemplate) []any {
		containers, images := names(o.Template.Spec.Containers)
		return []any{o.Name, containers, images, labels.FormatLabels(o.Template.Labels)}
	})
}

func validatingWebhookCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *admissionv1.ValidatingWebhookConfiguration) []any {
		return []any{o.Name, int64(len(o.Webhooks)), p.age(o)}
	})
}

func mutatingWebhookCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *admissionv1.MutatingWebhookConfiguration) []any {
		return []any{o.Name, int64(len(o.Webhooks)), p.age(o)}
	})
}

func endpointSliceCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *discoveryv1.EndpointSlice) []any {
		var ports, addresses []string
		for _, port := range o.Ports {
			switch {
			case port.Port != nil:
				ports = append(ports, strconv.Itoa(int(*port.Port)))
			default:
				ports = append(ports, "*")
			}
		}
		for _, endpoint := range o.Endpoints {
			addresses = append(addresses, endpoint.Addresses...)
		}
		return []any{o.Name, string(o.AddressType), orUnset(upToThree(ports)), orUnset(upToThree(addresses)), p.age(o)}
	})
}

// orUnset is what endpoint slices have instead of orNone.
func orUnset(s string) string {
	if s == none {
		return unset
	}
	return s
}

func newEventCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *eventsv1.Event) []any {
		var event corev1.Event
		eventToCore(o, &event)
		return eventCells(p, &event)
	})
}

func runtimeClassCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *nodev1.RuntimeClass) []any {
		return []any{o.Name, o.Handler, p.age(o)}
	})
}

func csiNodeCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *storagev1.CSINode) []any {
		return []any{o.Name, int64(len(o.Spec.Drivers)), p.age(o)}
	})
}

func attachmentCells(p printer, obj kind.Object) []any {
	return ofKind(obj, func(o *storagev1.VolumeAttachment) []any {
		return []any{o.Name, o.Spec.Attacher, deref(o.Spec.Source.PersistentVolumeName, ""), o.Spec.NodeName, o.Status.Attached, p.age(o)}
	})
}
