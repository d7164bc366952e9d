package rest

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kindOfItems makes of the items of a JSON list what they are by what the list says of itself: its kind, less "List", and its
// apiVersion. The list may say so behind its items: then items that depend on it wait, and all behind them.
type kindOfItems struct {
	each  func(ListItem) error
	rule  kindRule
	said  schema.GroupVersionKind // what the list says, as far as is known
	known bool                    // all of it
	// waiting are items that are not given to each yet.
	waiting []ListItem
}

// kindRule is what the kind of a list means for its items.
type kindRule interface {
	// depends says whether the item must wait for all that the list says.
	depends(item ListItem, said schema.GroupVersionKind) bool
	// apply returns what the item is in a list that says this.
	apply(item ListItem, said schema.GroupVersionKind) ListItem
}

// newKindOfItems returns what the items of list go through. In protobuf they do not say what they are, and are of the list's type.
func newKindOfItems(list runtime.Object, format *listFormat, each func(ListItem) error) *kindOfItems {
	k := &kindOfItems{each: each, rule: statedKind{format.item.Name()}}
	if _, untyped := list.(*unstructured.UnstructuredList); untyped {
		k.rule = inheritedKind{}
	}
	return k
}

// learn looks for apiVersion and kind in what was read of the list.
func (k *kindOfItems) learn(rest []byte) {
	fields := jsonFields(rest)
	apiVersion, kind := jsonString(fields["apiVersion"]), jsonString(fields["kind"])
	k.said = schema.FromAPIVersionAndKind(apiVersion, strings.TrimSuffix(kind, "List"))
	k.known = apiVersion != "" && kind != ""
}

func (k *kindOfItems) take(item ListItem) error {
	if !k.known && (len(k.waiting) > 0 || k.rule.depends(item, k.said)) {
		k.waiting = append(k.waiting, item)
		return nil
	}
	return k.each(k.rule.apply(item, k.said))
}

// finish is called with all of the list but its items.
func (k *kindOfItems) finish(rest []byte) error {
	k.learn(rest)
	for _, item := range k.waiting {
		if err := k.each(k.rule.apply(item, k.said)); err != nil {
			return err
		}
	}
	return nil
}

// inheritedKind gives the objects of an untyped list apiVersion and kind, which the items of a typed list leave out.
type inheritedKind struct{}

func (inheritedKind) depends(item ListItem, _ schema.GroupVersionKind) bool { return heir(item) != nil }

func (inheritedKind) apply(item ListItem, said schema.GroupVersionKind) ListItem {
	if object := heir(item); object != nil {
		object.SetGroupVersionKind(said)
	}
	return item
}

// heir returns the object if it has neither apiVersion nor kind, else nil.
func heir(item ListItem) *unstructured.Unstructured {
	if object, ok := item.Object.(*unstructured.Unstructured); ok && object.GetKind() == "" && object.GetAPIVersion() == "" {
		return object
	}
	return nil
}

// statedKind finds the objects of a typed list that say to be of another kind than the list, and than their type. Most say
// nothing. Of one that is not what the list has, a decoder makes an object with metadata and little else.
type statedKind struct {
	name string // of the type of the items: nearly always their kind
}

func (s statedKind) depends(item ListItem, said schema.GroupVersionKind) bool {
	return s.contradicts(item, said.GroupVersion().WithKind(s.name))
}

func (s statedKind) apply(item ListItem, said schema.GroupVersionKind) ListItem {
	if !s.contradicts(item, said) {
		return item
	}
	is := item.Object.GetObjectKind().GroupVersionKind()
	err := fmt.Errorf("it is a %.100q of %.100q in a list of %.100q of %.100q", is.Kind, is.GroupVersion(), said.Kind, said.GroupVersion())
	var id identity
	if o, ok := item.Object.(metav1.Object); ok {
		id = newIdentity(o.GetNamespace(), o.GetName(), string(o.GetUID()), o.GetResourceVersion())
	}
	return ListItem{Size: item.Size, Undecodable: undecodable(id, err)}
}

// contradicts says whether an item says something else than its list. What either of them does not say is no contradiction.
func (s statedKind) contradicts(item ListItem, said schema.GroupVersionKind) bool {
	if item.Object == nil {
		return false
	}
	is := item.Object.GetObjectKind().GroupVersionKind()
	return is.Kind != "" && said.Kind != "" && is.Kind != said.Kind && is.Kind != s.name ||
		is.Version != "" && said.Version != "" && is.GroupVersion() != said.GroupVersion()
}
