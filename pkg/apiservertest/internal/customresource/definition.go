package customresource

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

const (
	group = "apiextensions.k8s.io"
	// Finalizer keeps a definition until its objects are deleted.
	Finalizer = "customresourcecleanup." + group
	// established is the condition of definitions whose resources are served.
	established = "Established"
	// namesAccepted is the condition of definitions whose names nobody else has.
	namesAccepted = "NamesAccepted"
	// terminating is the condition of definitions whose objects are being deleted.
	terminating = "Terminating"
	// webhook is the conversion strategy that the test server does not have.
	webhook = "Webhook"
	// approval is the annotation that definitions in groups of Kubernetes itself need.
	approval = "api-approved.kubernetes.io"
)

// Definitions names the resource of CustomResourceDefinitions.
var Definitions = schema.GroupResource{Group: group, Resource: "customresourcedefinitions"}

var definitionKind = schema.GroupVersionKind{Group: group, Version: "v1", Kind: "CustomResourceDefinition"}

// DefinitionResource returns the resource of CustomResourceDefinitions, which belongs into the catalog of a server that has a [Controller]. Its objects are
// unstructured.
func DefinitionResource() *kind.Resource {
	return &kind.Resource{
		Group:      group,
		Plural:     Definitions.Resource,
		Singular:   "customresourcedefinition",
		Kind:       definitionKind.Kind,
		ListKind:   definitionKind.Kind + "List",
		ShortNames: []string{"crd", "crds"},
		Categories: []string{"api-extensions"},
		Versions: []kind.Version{{
			Name:         definitionKind.Version,
			Verbs:        []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"},
			Subresources: []kind.Subresource{{Name: "status", Verbs: []string{"get", "patch", "update"}, Kind: definitionKind}},
			New:          newDefinition,
			NewList:      newList(definitionKind.GroupVersion().WithKind(definitionKind.Kind + "List")),
		}},
		Storage: definitionKind.Version,
		Custom:  true,
	}
}

// newDefinition returns an empty definition: with the fields that kube-apiserver, where it is a Go struct, has in every one. Who sets a field inside them does
// not own them.
func newDefinition() kind.Object {
	u := newObject(definitionKind)().(*unstructured.Unstructured)
	writeDefinition(&CustomResourceDefinition{}, u)
	return u
}

func newObject(gvk schema.GroupVersionKind) func() kind.Object {
	return func() kind.Object {
		u := &unstructured.Unstructured{}
		u.SetGroupVersionKind(gvk)
		return u
	}
}

func newList(gvk schema.GroupVersionKind) func() runtime.Object {
	return func() runtime.Object {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk)
		return l
	}
}

func definitionKey(name string) storage.Key { return storage.Key{Resource: Definitions, Name: name} }

// readDefinition returns obj as a definition, and which of its fields a definition does not have. The error is that of a field of a wrong type.
func readDefinition(obj kind.Object) (d *CustomResourceDefinition, unknown []error, err error) {
	data, err := json.Marshal(obj)
	if err != nil {
		return nil, nil, err
	}
	d = &CustomResourceDefinition{}
	unknown, err = kjson.UnmarshalStrict(data, d, kjson.DisallowUnknownFields)
	if err != nil {
		// The types have the names that they have on kube-apiserver, but are in another package.
		text := strings.ReplaceAll(err.Error(), "customresource.", "v1.")
		return nil, nil, apierrors.NewBadRequest(fmt.Sprintf("%s in version %q cannot be handled as a %s: %s", definitionKind.Kind, definitionKind.Version, definitionKind.Kind, text))
	}
	return d, unknown, nil
}

// tryDefinition returns obj as a definition; nil if it cannot be read, which only who writes to the storage directly can bring about.
func tryDefinition(obj kind.Object) *CustomResourceDefinition {
	d, _, err := readDefinition(obj)
	if err != nil {
		return nil
	}
	return d
}

// writeDefinition makes spec and status of obj those of d, and leaves its metadata alone.
func writeDefinition(d *CustomResourceDefinition, obj *unstructured.Unstructured) {
	for field, value := range map[string]any{"spec": d.Spec, "status": d.Status} {
		data, err := json.Marshal(value)
		if err != nil {
			panic(fmt.Sprintf("customresource: %s of a definition: %v", field, err)) // what was read from JSON is written as JSON
		}
		var content map[string]any
		if err := kjson.UnmarshalCaseSensitivePreserveInts(data, &content); err != nil {
			panic(fmt.Sprintf("customresource: %s of a definition: %v", field, err))
		}
		obj.Object[field] = content
	}
}

// defaultDefinition sets what a definition leaves to the server: names, and the conversion.
func defaultDefinition(d *CustomResourceDefinition) {
	names := &d.Spec.Names
	if names.Singular == "" {
		names.Singular = strings.ToLower(names.Kind)
	}
	if names.ListKind == "" && names.Kind != "" {
		names.ListKind = names.Kind + "List"
	}
	if d.Spec.Conversion == nil {
		d.Spec.Conversion = &CustomResourceConversion{Strategy: "None"}
	}
}

// rememberStorage adds the storage version to those that objects may be stored in.
func rememberStorage(d *CustomResourceDefinition) {
	for _, v := range d.Spec.Versions {
		if !v.Storage {
			continue
		}
		if !slices.Contains(d.Status.StoredVersions, v.Name) {
			d.Status.StoredVersions = append(d.Status.StoredVersions, v.Name)
		}
		return // of several, which are an error, the first counts
	}
}

// protected says whether a group is one of Kubernetes itself, where a definition needs to be approved.
func protected(group string) bool {
	return group == "k8s.io" || group == "kubernetes.io" || strings.HasSuffix(group, ".k8s.io") || strings.HasSuffix(group, ".kubernetes.io")
}

// approvedBy reads the annotation approval: a URL approves, a text that begins with "unapproved" says that nobody did.
func approvedBy(annotations map[string]string) (text string, present, approved, unapproved bool) {
	text, present = annotations[approval]
	unapproved = strings.HasPrefix(text, "unapproved")
	return text, present, isURL(text), unapproved
}

// timestamp is a time as objects have it.
func timestamp(now time.Time) metav1.Time { return metav1.NewTime(now.UTC().Truncate(time.Second)) }
