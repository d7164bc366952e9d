package rest

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// inheritedKind gives the objects of an untyped list apiVersion and kind, which the items of a typed list leave out: those
// of the list, less "List". The list may name them behind its items: then objects that need them wait, and all behind them.
type inheritedKind struct {
	each             func(ListItem) error
	apiVersion, kind string
	known            bool
	waiting          []ListItem
}

// learn looks for apiVersion and kind in what was read of the list.
func (k *inheritedKind) learn(rest []byte) {
	fields := jsonFields(rest)
	kind := jsonString(fields["kind"])
	k.apiVersion, k.kind = jsonString(fields["apiVersion"]), strings.TrimSuffix(kind, "List")
	k.known = k.apiVersion != "" && kind != ""
}

func (k *inheritedKind) take(item ListItem) error {
	if !k.known && (len(k.waiting) > 0 || heir(item) != nil) {
		k.waiting = append(k.waiting, item)
		return nil
	}
	return k.give(item)
}

// finish is called with all of the list but its items.
func (k *inheritedKind) finish(rest []byte) error {
	k.learn(rest)
	for _, item := range k.waiting {
		if err := k.give(item); err != nil {
			return err
		}
	}
	return nil
}

func (k *inheritedKind) give(item ListItem) error {
	if object := heir(item); object != nil {
		object.SetKind(k.kind)
		object.SetAPIVersion(k.apiVersion)
	}
	return k.each(item)
}

// heir returns the object if it has neither apiVersion nor kind, else nil.
func heir(item ListItem) *unstructured.Unstructured {
	if object, ok := item.Object.(*unstructured.Unstructured); ok && object.GetKind() == "" && object.GetAPIVersion() == "" {
		return object
	}
	return nil
}
