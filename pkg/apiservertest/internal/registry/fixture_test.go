package registry_test

import (
	"context"
	"errors"
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// server is a registry on the rooms that it really stands on.
type server struct {
	*registry.Registry
	t       testing.TB
	store   *storage.Store
	catalog *catalog.Catalog
}

func newServer(t testing.TB, options ...func(*registry.Config)) *server {
	t.Helper()
	s := &server{t: t, store: storage.New(storage.Options{Record: true}), catalog: catalog.New(append(catalog.Builtin(), foos())...)}
	config := registry.Config{
		Store:   s.store,
		Catalog: s.catalog,
		Convert: codec.Convert,
		Fields:  fieldmanager.NewFieldManagers(fieldmanager.FieldManagersConfig{}),
		Rules: func(r *kind.Resource) registry.Rules {
			if r.Custom {
				return fooRules{}
			}
			return nil
		},
	}
	for _, option := range options {
		option(&config)
	}
	r, err := registry.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		s.store.Close()
	})
	s.Registry = r
	return s
}

// foos is a custom resource with status and scale.
func foos() *kind.Resource {
	newFoo := func() kind.Object {
		return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Foo"}}
	}
	return &kind.Resource{
		Group: "example.com", Plural: "foos", Singular: "foo", Kind: "Foo", ListKind: "FooList", Namespaced: true, Storage: "v1", Custom: true,
		Versions: []kind.Version{{
			Name: "v1",
			Subresources: []kind.Subresource{
				{Name: "status", Kind: schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Foo"}},
				{Name: "scale", Kind: autoscalingv1.SchemeGroupVersion.WithKind("Scale")},
			},
			New:     newFoo,
			NewList: func() runtime.Object { return &unstructured.UnstructuredList{} },
		}},
	}
}

type fooRules struct{}

func (fooRules) Prune(*kind.Version, map[string]any) []string { return nil }
func (fooRules) Default(kind.Target, kind.Object)             {}

func (fooRules) Validate(_ kind.Target, obj, _ kind.Object) ([]string, error) {
	if obj.GetAnnotations()["warn"] != "" {
		return []string{"foo warns"}, nil
	}
	return nil, nil
}

func (fooRules) ScalePaths(*kind.Version) (spec, status, selector string) {
	return ".spec.n", ".status.n", ".status.selector"
}

// BeginDelete keeps foos that ask for it.
func (fooRules) BeginDelete(obj kind.Object) {
	if obj.GetAnnotations()["keep"] != "" && obj.GetDeletionTimestamp() == nil {
		obj.SetFinalizers(append(obj.GetFinalizers(), "example.com/kept"))
	}
}

func (fooRules) SelectableFields(*kind.Version) []string { return []string{".spec.color"} }

// at addresses "resource", "resource.group", each perhaps with "/subresource"; the name may be empty.
func (s *server) at(resource, namespace, name string) registry.Request {
	s.t.Helper()
	plural, subresource := cut(resource, "/")
	plural, group := cut(plural, ".")
	for _, r := range s.catalog.All() {
		if r.Plural != plural || r.Group != group {
			continue
		}
		target := kind.Target{Resource: r, Version: &r.Versions[0], Namespace: namespace, Name: name}
		if subresource != "" {
			if target.Subresource = target.Version.Subresource(subresource); target.Subresource == nil {
				s.t.Fatalf("%s has no subresource %s", plural, subresource)
			}
		}
		return registry.Request{Target: target, User: registry.User{Name: "alice", Groups: []string{"devs"}}, Manager: "tester"}
	}
	s.t.Fatalf("there is no resource %s", resource)
	return registry.Request{}
}

func cut(s, sep string) (before, after string) {
	for i := range s {
		if s[i:i+1] == sep {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func (s *server) create(resource, namespace string, obj kind.Object) kind.Object {
	s.t.Helper()
	result, err := s.Create(context.Background(), s.at(resource, namespace, ""), obj, metav1.CreateOptions{})
	if err != nil {
		s.t.Fatalf("create %s: %v", resource, err)
	}
	return copyOf(result.Object.(kind.Object))
}

func (s *server) update(resource string, obj kind.Object) kind.Object {
	s.t.Helper()
	result, err := s.Update(context.Background(), s.at(resource, obj.GetNamespace(), obj.GetName()), obj, metav1.UpdateOptions{})
	if err != nil {
		s.t.Fatalf("update %s: %v", resource, err)
	}
	return copyOf(result.Object.(kind.Object))
}

func (s *server) merge(resource, namespace, name, body string) (kind.Object, error) {
	s.t.Helper()
	result, err := s.Patch(context.Background(), s.at(resource, namespace, name), types.MergePatchType, []byte(body), metav1.PatchOptions{})
	if err != nil {
		return nil, err
	}
	return copyOf(result.Object.(kind.Object)), nil
}

func (s *server) mustMerge(resource, namespace, name, body string) kind.Object {
	s.t.Helper()
	obj, err := s.merge(resource, namespace, name, body)
	if err != nil {
		s.t.Fatalf("patch %s: %v", resource, err)
	}
	return obj
}

func (s *server) delete(resource, namespace, name string, o metav1.DeleteOptions) registry.Result {
	s.t.Helper()
	result, err := s.Delete(context.Background(), s.at(resource, namespace, name), o)
	if err != nil {
		s.t.Fatalf("delete %s: %v", resource, err)
	}
	return result
}

func (s *server) get(resource, namespace, name string) (kind.Object, error) {
	return s.Get(context.Background(), s.at(resource, namespace, name), metav1.GetOptions{})
}

func (s *server) exists(resource, namespace, name string) bool {
	_, err := s.get(resource, namespace, name)
	return err == nil
}

func copyOf(obj kind.Object) kind.Object { return obj.DeepCopyObject().(kind.Object) }

// status returns the Status of an error.
func status(t *testing.T, err error) metav1.Status {
	t.Helper()
	var s apierrors.APIStatus
	if !errors.As(err, &s) {
		t.Fatalf("got %v (%T), want a StatusError", err, err)
	}
	return s.Status()
}

// wantError compares code, reason and message.
func wantError(t *testing.T, err error, code int32, reason metav1.StatusReason, message string) {
	t.Helper()
	if got := status(t, err); got.Code != code || got.Reason != reason || got.Message != message {
		t.Errorf("got %d %s: %s\nwant %d %s: %s", got.Code, got.Reason, got.Message, code, reason, message)
	}
}
