package discovery

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	apidiscovery "k8s.io/api/apidiscovery/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/parallel"
	"github.com/kubewright/kubewright/pkg/rest"
)

var _ AggregatedDiscoveryInterfaceWithContext = (*DiscoveryClient)(nil)

// ServerGroupsWithContext implements DiscoveryInterfaceWithContext. Versions that are stale are not in the result.
func (d *DiscoveryClient) ServerGroupsWithContext(ctx context.Context) (*metav1.APIGroupList, error) {
	groups, _, _, err := d.GroupsAndMaybeResourcesWithContext(ctx)
	return groups, err
}

// GroupsAndMaybeResourcesWithContext implements AggregatedDiscoveryInterfaceWithContext. A server without core group, or with
// nothing but that, answers with 404 to one of the two questions; one that does so to both is no API server.
func (d *DiscoveryClient) GroupsAndMaybeResourcesWithContext(ctx context.Context) (
	*metav1.APIGroupList,
	map[schema.GroupVersion]*metav1.APIResourceList,
	map[schema.GroupVersion]error,
	error,
) {
	ask := []func(context.Context) (*root, error){d.coreGroup, d.namedGroups}
	if d.LegacyPrefix == "" {
		ask = ask[1:]
	}
	roots := make([]*root, len(ask))
	errs := make([]error, len(ask))
	parallel.Do(len(ask), len(ask), func(i int) { roots[i], errs[i] = ask[i](ctx) })

	all := &root{resources: map[schema.GroupVersion]*metav1.APIResourceList{}, failed: map[schema.GroupVersion]error{}}
	absent := 0
	for i, r := range roots {
		switch err := errs[i]; {
		case apierrors.IsNotFound(err):
			if absent++; absent == len(roots) {
				return nil, nil, nil, err
			}
		case err != nil:
			return nil, nil, nil, err
		default:
			all.add(r)
		}
	}
	return &metav1.APIGroupList{Groups: all.groups}, all.resources, all.failed, nil
}

// root is what one of the two paths of groups tells.
type root struct {
	groups    []metav1.APIGroup
	resources map[schema.GroupVersion]*metav1.APIResourceList // nil if it does not tell them
	failed    map[schema.GroupVersion]error
}

// add adds what another path tells. Where one does not tell resources, all have to be asked for.
func (r *root) add(other *root) {
	r.groups = append(r.groups, other.groups...)
	maps.Copy(r.failed, other.failed)
	if other.resources == nil {
		r.resources = nil
	}
	if r.resources != nil {
		maps.Copy(r.resources, other.resources)
	}
}

func (d *DiscoveryClient) coreGroup(ctx context.Context) (*root, error) {
	r, err := d.root(ctx, d.LegacyPrefix, "APIVersions", func(result rest.Result) ([]metav1.APIGroup, error) {
		var core metav1.APIVersions
		if err := result.Into(&core); err != nil || len(core.Versions) == 0 {
			return nil, err
		}
		group := metav1.APIGroup{}
		for _, v := range core.Versions {
			group.Versions = append(group.Versions, metav1.GroupVersionForDiscovery{GroupVersion: v, Version: v})
		}
		group.PreferredVersion = group.Versions[0]
		return []metav1.APIGroup{group}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("unable to discover the core group: %w", err)
	}
	return r, nil
}

func (d *DiscoveryClient) namedGroups(ctx context.Context) (*root, error) {
	r, err := d.root(ctx, "/apis", "APIGroupList", func(result rest.Result) ([]metav1.APIGroup, error) {
		var named metav1.APIGroupList
		err := result.Into(&named)
		return named.Groups, err
	})
	if err != nil {
		return nil, fmt.Errorf("unable to discover API groups: %w", err)
	}
	return r, nil
}

// root asks for the aggregated document at path. groupsOf reads what servers answer that do not have it, which is of the kind.
func (d *DiscoveryClient) root(ctx context.Context, path, kind string, groupsOf func(rest.Result) ([]metav1.APIGroup, error)) (*root, error) {
	var contentType string
	result := d.restClient.Get().AbsPath(path).SetHeader("Accept", d.accept()).MaxBodyBytes(maxBytes).Do(ctx).ContentType(&contentType)
	body, err := result.Raw()
	if err != nil {
		return nil, err
	}
	// What is no content type is not that of the aggregated document either.
	if aggregated, err := ContentTypeIsGVK(contentType, aggregatedKind); err != nil || !aggregated {
		groups, err := groupsOf(result)
		if err == nil && len(groups) == 0 {
			err = checkKind(body, kind)
		}
		return &root{groups: groups}, err
	}
	var list apidiscovery.APIGroupDiscoveryList
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("unable to parse the aggregated document: %w", err)
	}
	if len(list.Items) == 0 {
		if err := checkKind(body, aggregatedKind.Kind); err != nil {
			return nil, err
		}
	}
	groups, resources, failed := SplitGroupsAndResources(list)
	return &root{groups.Groups, resources, failed}, nil
}

// checkKind tells a document that says that there is nothing from one that says nothing.
func checkKind(body []byte, kind string) error {
	var document metav1.TypeMeta
	if err := json.Unmarshal(body, &document); err != nil || document.Kind != kind {
		return fmt.Errorf("the server's answer has no groups, and is of kind %q, not %s", document.Kind, kind)
	}
	return nil
}

func (d *DiscoveryClient) accept() string {
	switch {
	case d.UseLegacyDiscovery:
		return AcceptV1
	case d.NoPeerDiscovery: // a server that does not know the profile does not know its peers
		return AcceptV2NoPeer + "," + AcceptV2 + "," + AcceptV1
	}
	return AcceptV2 + "," + AcceptV1
}
