package discovery

import (
	"context"
	"errors"
	"testing"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubewright/kubewright/pkg/openapi"
	"github.com/kubewright/kubewright/pkg/rest"
)

var errOld = errors.New("old")

// old is a client that was written before there were contexts. All that it is asked fails, but for groups.
type old struct{}

func (old) RESTClient() rest.Interface                  { return nil }
func (old) ServerGroups() (*metav1.APIGroupList, error) { return &metav1.APIGroupList{}, nil }
func (old) ServerResourcesForGroupVersion(string) (*metav1.APIResourceList, error) {
	return nil, errOld
}
func (old) ServerGroupsAndResources() ([]*metav1.APIGroup, []*metav1.APIResourceList, error) {
	return nil, nil, errOld
}
func (old) ServerPreferredResources() ([]*metav1.APIResourceList, error) { return nil, errOld }
func (old) ServerPreferredNamespacedResources() ([]*metav1.APIResourceList, error) {
	return nil, errOld
}
func (old) ServerVersion() (*version.Info, error)        { return nil, errOld }
func (old) OpenAPISchema() (*openapi_v2.Document, error) { return nil, errOld }
func (old) OpenAPIV3() openapi.Client                    { return oldDocuments{} }
func (o old) WithLegacy() DiscoveryInterface             { return o }

type oldDocuments struct{}

func (oldDocuments) Paths() (map[string]openapi.GroupVersion, error) { return nil, errOld }

type oldAggregated struct{ old }

func (oldAggregated) GroupsAndMaybeResources() (*metav1.APIGroupList, map[schema.GroupVersion]*metav1.APIResourceList, map[schema.GroupVersion]error, error) {
	return nil, nil, nil, errOld
}

type oldCached struct {
	old
	calls *string
}

func (o oldCached) Fresh() bool { *o.calls += "fresh "; return true }
func (o oldCached) Invalidate() { *o.calls += "invalidate " }

// questions are all methods with contexts, by their names, but for groups.
func questions(d DiscoveryInterfaceWithContext) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"resources of a version": func(ctx context.Context) error {
			_, err := d.ServerResourcesForGroupVersionWithContext(ctx, "v1")
			return err
		},
		"groups and resources": func(ctx context.Context) error { _, _, err := d.ServerGroupsAndResourcesWithContext(ctx); return err },
		"preferred":            func(ctx context.Context) error { _, err := d.ServerPreferredResourcesWithContext(ctx); return err },
		"preferred in namespaces": func(ctx context.Context) error {
			_, err := d.ServerPreferredNamespacedResourcesWithContext(ctx)
			return err
		},
		"version":    func(ctx context.Context) error { _, err := d.ServerVersionWithContext(ctx); return err },
		"OpenAPI v2": func(ctx context.Context) error { _, err := d.OpenAPISchemaWithContext(ctx); return err },
		"OpenAPI v3": func(ctx context.Context) error {
			_, err := d.OpenAPIV3WithContext(ctx).PathsWithContext(ctx)
			return err
		},
	}
}

func TestAdaptersAskAndLookAtTheContext(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	var calls string
	cached := ToCachedDiscoveryInterfaceWithContext(oldCached{calls: &calls})
	aggregated := ToAggregatedDiscoveryInterfaceWithContext(oldAggregated{})
	for name, d := range map[string]DiscoveryInterfaceWithContext{
		"plain": ToDiscoveryInterfaceWithContext(old{}), "cached": cached, "aggregated": aggregated,
		"legacy": ToDiscoveryInterfaceWithContext(old{}).WithLegacyWithContext(t.Context()),
	} {
		if _, err := d.ServerGroupsWithContext(t.Context()); err != nil {
			t.Errorf("%s: groups: %v", name, err)
		}
		if _, err := d.ServerGroupsWithContext(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: groups: error %v", name, err)
		}
		for question, ask := range questions(d) {
			if err := ask(t.Context()); !errors.Is(err, errOld) {
				t.Errorf("%s: %s: error %v", name, question, err)
			}
			if err := ask(ended); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %s after the end: error %v", name, question, err)
			}
		}
	}
	if cached.InvalidateWithContext(t.Context()); !cached.FreshWithContext(t.Context()) || calls != "invalidate fresh " {
		t.Errorf("calls %s", calls)
	}
	if _, _, _, err := aggregated.GroupsAndMaybeResourcesWithContext(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	// The adapters of parts.
	for name, err := range map[string]error{
		"groups":  second(ToServerGroupsInterfaceWithContext(old{}).ServerGroupsWithContext(ended)),
		"version": second(ToServerVersionInterfaceWithContext(old{}).ServerVersionWithContext(ended)),
		"lists":   second(ToServerResourcesInterfaceWithContext(old{}).ServerPreferredResourcesWithContext(ended)),
		"schema":  second(ToOpenAPISchemaInterfaceWithContext(old{}).OpenAPISchemaWithContext(ended)),
		"v3":      second(OpenAPIV3ToSchemaInterfaceWithContext(old{}).OpenAPIV3WithContext(ended).PathsWithContext(ended)),
		"client":  second(ToOpenAPIClientWithContext(oldDocuments{}).PathsWithContext(ended)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAdaptersKeepWhatHasContexts(t *testing.T) {
	d := client(t, allPages)
	for name, got := range map[string]any{
		"discovery": ToDiscoveryInterfaceWithContext(d), "aggregated": ToAggregatedDiscoveryInterfaceWithContext(d), "groups": ToServerGroupsInterfaceWithContext(d),
		"resources": ToServerResourcesInterfaceWithContext(d), "version": ToServerVersionInterfaceWithContext(d),
		"schema": ToOpenAPISchemaInterfaceWithContext(d), "v3": OpenAPIV3ToSchemaInterfaceWithContext(d),
	} {
		if got != any(d) {
			t.Errorf("%s: %T", name, got)
		}
	}
}

// Functions of this package find resources together with groups where a client without contexts does so.
func TestFunctionsUseTheAggregatedDocument(t *testing.T) {
	for name, ask := range map[string]func(DiscoveryInterface) error{
		"groups and resources":    func(d DiscoveryInterface) error { _, _, err := ServerGroupsAndResources(d); return err },
		"preferred":               func(d DiscoveryInterface) error { return second(ServerPreferredResources(d)) },
		"preferred in namespaces": func(d DiscoveryInterface) error { return second(ServerPreferredNamespacedResources(d)) },
	} {
		if err := ask(oldAggregated{}); !errors.Is(err, errOld) {
			t.Errorf("%s, aggregated: error %v", name, err)
		}
		if err := ask(old{}); err != nil { // which has no groups
			t.Errorf("%s: error %v", name, err)
		}
	}
}
