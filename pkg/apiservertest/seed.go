package apiservertest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/customresource"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// seedManager is the field manager of seeded objects.
const seedManager = "seed"

// Seed creates objects, in the order given, as a user would, and gives them the status that they have, which a user could not in
// one request. Namespaces that do not exist are created; an object without a namespace, of a kind that has one, goes into "default".
// A CustomResourceDefinition is awaited until it is established, so that its objects can follow. Lists are taken apart. The first error
// ends it.
//
// The objects need apiVersion and kind unless they are of a Go type of the server's scheme. They are not changed.
func (s *Server) Seed(ctx context.Context, objects ...runtime.Object) error {
	for _, obj := range objects {
		if err := s.seed(ctx, obj); err != nil {
			return fmt.Errorf("apiservertest: seed: %w", err)
		}
	}
	return nil
}

// SeedYAML is Seed for the objects of a YAML text, whose documents are divided by lines of "---", or a JSON text. An unknown field of
// a built-in kind is an error.
func (s *Server) SeedYAML(ctx context.Context, text []byte) error {
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for n := 1; ; n++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = s.seedDocument(ctx, document)
		}
		if err != nil {
			return fmt.Errorf("apiservertest: seed: document %d: %w", n, err)
		}
	}
}

func (s *Server) seedDocument(ctx context.Context, document []byte) error {
	var content map[string]any
	if err := yaml.Unmarshal(document, &content); err != nil {
		return err
	}
	if len(content) == 0 {
		return nil // nothing but comments
	}
	return s.seed(ctx, &unstructured.Unstructured{Object: content})
}

func (s *Server) seed(ctx context.Context, obj runtime.Object) error {
	if list, ok := obj.(*unstructured.Unstructured); ok && list.IsList() {
		return list.EachListItem(func(item runtime.Object) error { return s.seed(ctx, item) })
	}
	gvk, err := s.kindOf(obj)
	if err != nil {
		return err
	}
	target, err := s.targetOf(gvk)
	if err != nil {
		return err
	}
	own, err := s.decode(obj, gvk, target)
	if err != nil {
		return err
	}
	if err := s.create(ctx, target, own); err != nil {
		return fmt.Errorf("%s %q: %w", gvk.Kind, own.GetName(), err)
	}
	return nil
}

// kindOf returns the kind that obj says it is of, or that its Go type is of.
func (s *Server) kindOf(obj runtime.Object) (schema.GroupVersionKind, error) {
	if gvk := obj.GetObjectKind().GroupVersionKind(); gvk.Kind != "" && gvk.Version != "" {
		return gvk, nil
	}
	kinds, _, err := s.scheme.ObjectKinds(obj)
	if err != nil {
		return schema.GroupVersionKind{}, fmt.Errorf("a %T has neither apiVersion and kind nor a Go type that the server knows: %w", obj, err)
	}
	return kinds[0], nil
}

// targetOf returns the resource of a kind.
func (s *Server) targetOf(gvk schema.GroupVersionKind) (kind.Target, error) {
	for _, r := range s.catalog.All() {
		if v := r.Version(gvk.Version); v != nil && r.Group == gvk.Group && r.Kind == gvk.Kind {
			return kind.Target{Resource: r, Version: v}, nil
		}
	}
	return kind.Target{}, fmt.Errorf("the server has no resource of kind %s: seed its CustomResourceDefinition before, or see WithScheme", gvk)
}

// decode returns a copy of obj in the type that the server has for it.
func (s *Server) decode(obj runtime.Object, gvk schema.GroupVersionKind, target kind.Target) (kind.Object, error) {
	if reflect.TypeOf(obj) == reflect.TypeOf(target.Version.New()) && !target.Resource.Custom {
		own := obj.DeepCopyObject().(kind.Object)
		own.GetObjectKind().SetGroupVersionKind(gvk)
		return own, nil
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		return nil, err
	}
	content["apiVersion"], content["kind"] = gvk.ToAPIVersionAndKind()
	text, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	own, _, err := s.codec.Decode(runtime.ContentTypeJSON, text, target, metav1.FieldValidationStrict)
	return own, err
}

func (s *Server) create(ctx context.Context, target kind.Target, obj kind.Object) error {
	if target.Resource.Namespaced {
		if obj.GetNamespace() == "" {
			obj.SetNamespace(metav1.NamespaceDefault)
		}
		if err := s.ensureNamespace(ctx, obj.GetNamespace()); err != nil {
			return err
		}
	}
	obj.SetResourceVersion("")
	obj.SetUID("")
	wanted := obj.DeepCopyObject().(kind.Object) // the registry keeps the other
	target.Namespace = obj.GetNamespace()
	result, err := s.registry.Create(ctx, seeding(target), obj, metav1.CreateOptions{FieldManager: seedManager})
	if err != nil {
		return err
	}
	created, ok := result.Object.(kind.Object)
	if !ok {
		return nil // a review, say, is answered and not kept
	}
	if target.Resource.GroupResource() == customresource.Definitions {
		return s.awaitEstablished(ctx, created)
	}
	target.Subresource = target.Version.Subresource("status")
	if target.Subresource == nil || !hasStatus(wanted) {
		return nil
	}
	target.Name = created.GetName()
	wanted.SetName(created.GetName())
	wanted.SetResourceVersion(created.GetResourceVersion())
	_, err = s.registry.Update(ctx, seeding(target), wanted, metav1.UpdateOptions{FieldManager: seedManager})
	return err
}

// awaitEstablished waits until the resource of a CustomResourceDefinition that was just created is served.
func (s *Server) awaitEstablished(ctx context.Context, definition kind.Object) error {
	revision, err := strconv.ParseInt(definition.GetResourceVersion(), 10, 64)
	if err != nil {
		return err
	}
	events, err := s.store.Watch(customresource.Definitions, "", revision)
	if err != nil {
		return err
	}
	defer events.Stop()
	for {
		event, err := events.Next(ctx)
		if err != nil {
			return fmt.Errorf("the definition is not established: %w", err)
		}
		if event.Key.Name != definition.GetName() {
			continue
		}
		if event.New == nil {
			return errors.New("the definition was deleted before it was established")
		}
		if is(event.New, "Established", "True") {
			return nil
		}
		if is(event.New, "NamesAccepted", "False") {
			return errors.New("the names of the definition are not accepted: another definition of the group has one of them")
		}
	}
}

// is reports whether a condition of a definition has a status.
func is(definition kind.Object, condition, status string) bool {
	u, ok := definition.(*unstructured.Unstructured)
	if !ok {
		return false
	}
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(c any) bool {
		m, ok := c.(map[string]any)
		return ok && m["type"] == condition && m["status"] == status
	})
}

func (s *Server) ensureNamespace(ctx context.Context, name string) error {
	resource, version, ok := s.catalog.Lookup("", "v1", "namespaces")
	if !ok {
		return nil // a scheme without namespaces
	}
	target := kind.Target{Resource: resource, Version: version}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := s.registry.Create(ctx, seeding(target), namespace, metav1.CreateOptions{FieldManager: seedManager})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func seeding(target kind.Target) registry.Request {
	return registry.Request{Target: target, User: registry.User{Name: admin, Groups: []string{access.Masters, access.Authenticated}}, Manager: seedManager}
}

// hasStatus reports whether obj says anything in its status.
func hasStatus(obj kind.Object) bool {
	if u, ok := obj.(*unstructured.Unstructured); ok {
		status, ok := u.Object["status"].(map[string]any)
		return ok && len(status) > 0
	}
	status := reflect.ValueOf(obj).Elem().FieldByName("Status")
	return status.IsValid() && !status.IsZero()
}
