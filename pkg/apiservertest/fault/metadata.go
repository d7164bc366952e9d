package fault

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
)

// metadataOnly says whether the client asks for the metadata of objects without the rest. What effects make up for it is
// of the kinds that have only that.
func (x *Exchange) metadataOnly() bool {
	asked, err := codec.Negotiate(x.Request, codec.Offer{Stream: x.Info.Verb == "watch", Transform: true})
	return err == nil && (asked.As == codec.AsPartialMetadata || asked.As == codec.AsPartialList)
}

// kind is that of the objects that the client asks for; it is empty if nobody knows.
func (x *Exchange) kind() metav1.TypeMeta {
	if x.metadataOnly() {
		return metav1.TypeMeta{APIVersion: metav1.SchemeGroupVersion.String(), Kind: string(codec.AsPartialMetadata)}
	}
	gvr := x.Info.GroupVersionResource()
	return metav1.TypeMeta{APIVersion: gvr.GroupVersion().String(), Kind: x.injector.options.Kind(gvr)}
}

// inJSON is an Accept header by which the client gets what it asks for in JSON.
func (x *Exchange) inJSON() string {
	if x.metadataOnly() {
		return string(codec.JSON) + ";g=meta.k8s.io;v=v1;as=" + string(codec.AsPartialList)
	}
	return string(codec.JSON)
}
