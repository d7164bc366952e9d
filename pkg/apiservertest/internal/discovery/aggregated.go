package discovery

import (
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// aggregationParams are the parameters of the media type of an aggregated answer.
const aggregationParams = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

// aggregation is an aggregated document with its ETag.
type aggregation struct {
	list apidiscoveryv2.APIGroupDiscoveryList
	etag string
}

// newAggregation returns the document of groups. The ETag is that which kube-apiserver has
// for the same groups: a hash of the JSON without the kind.
func newAggregation(groups []apidiscoveryv2.APIGroupDiscovery) *aggregation {
	a := &aggregation{list: apidiscoveryv2.APIGroupDiscoveryList{Items: groups}}
	if groups == nil {
		a.list.Items = []apidiscoveryv2.APIGroupDiscovery{}
	}
	data, err := json.Marshal(&a.list)
	if err != nil {
		panic("discovery: " + err.Error()) // strings and lists of them always marshal
	}
	a.etag = fmt.Sprintf("%q", fmt.Sprintf("%X", sha512.Sum512(data)))
	a.list.TypeMeta = metav1.TypeMeta{APIVersion: "apidiscovery.k8s.io/v2", Kind: "APIGroupDiscoveryList"}
	return a
}

func aggregate(resources []*kind.Resource, group string, versions []string) apidiscoveryv2.APIGroupDiscovery {
	g := apidiscoveryv2.APIGroupDiscovery{ObjectMeta: metav1.ObjectMeta{Name: group}}
	for _, version := range versions {
		d := apidiscoveryv2.APIVersionDiscovery{Version: version, Freshness: apidiscoveryv2.DiscoveryFreshnessCurrent}
		for _, r := range resources {
			if v := r.Version(version); v != nil {
				d.Resources = append(d.Resources, aggregateResource(r, v))
			}
		}
		g.Versions = append(g.Versions, d)
	}
	return g
}

func aggregateResource(r *kind.Resource, v *kind.Version) apidiscoveryv2.APIResourceDiscovery {
	own := r.GroupVersionKind(v)
	d := apidiscoveryv2.APIResourceDiscovery{
		Resource: r.Plural, SingularResource: r.Singular, ResponseKind: responseKind(r, own, own), Scope: apidiscoveryv2.ScopeCluster,
		Verbs: v.Verbs, ShortNames: r.ShortNames, Categories: r.Categories,
	}
	if r.Namespaced {
		d.Scope = apidiscoveryv2.ScopeNamespace
	}
	for _, sub := range v.Subresources {
		d.Subresources = append(d.Subresources, apidiscoveryv2.APISubresourceDiscovery{
			Subresource: sub.Name, ResponseKind: responseKind(r, own, sub.Kind), Verbs: sub.Verbs,
		})
	}
	return d
}

// responseKind leaves out the group and version that a document is of, but for custom
// resources: so does kube-apiserver.
func responseKind(r *kind.Resource, own, gvk schema.GroupVersionKind) *metav1.GroupVersionKind {
	if !r.Custom && gvk.GroupVersion() == own.GroupVersion() {
		return &metav1.GroupVersionKind{Kind: gvk.Kind}
	}
	return &metav1.GroupVersionKind{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind}
}

// aggregated reports whether a client accepts an aggregated answer, and in which
// representation it likes it best. A client that accepts both forms gets this one, however
// it ranks them.
func aggregated(r *http.Request) (rep codec.Representation, ok bool) {
	best := 0.0
	for clause := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		media, params, err := mime.ParseMediaType(clause)
		if err != nil || params["g"] != apidiscoveryv2.GroupName || params["v"] != "v2" || params["as"] != "APIGroupDiscoveryList" {
			continue
		}
		q := 1.0
		if given, isGiven := params["q"]; isGiven {
			if q, err = strconv.ParseFloat(given, 64); err != nil {
				continue
			}
		}
		if q <= best {
			continue
		}
		plain := r.Clone(r.Context())
		plain.Header.Set("Accept", media)
		if media == "application/*" {
			plain.Header.Set("Accept", "*/*")
		}
		if chosen, err := codec.Negotiate(plain, codec.Offer{}); err == nil {
			rep, ok, best = chosen, true, q
		}
	}
	return rep, ok
}

// writeAggregated answers with an aggregated document, or says that it is the one that the
// client has.
func (h *handler) writeAggregated(w http.ResponseWriter, r *http.Request, rep codec.Representation, a *aggregation) {
	header := w.Header()
	header.Set("Cache-Control", "public")
	header.Set("ETag", a.etag)
	header.Set("Vary", "Accept")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	data, err := h.encode(rep, &a.list)
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	send(w, http.StatusOK, rep.ContentType()+aggregationParams, data)
}
