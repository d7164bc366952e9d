package cache

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func colored(name, color string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: labelled("ns", name, color).ObjectMeta, Data: map[string]string{"value": color}}
}

func isRed(obj interface{}) bool {
	if unknown, ok := obj.(DeletedFinalStateUnknown); ok {
		obj = unknown.Obj
	}
	return obj.(*corev1.ConfigMap).Labels["color"] == "red"
}

// What a filter makes of each change, untyped and typed.
func TestFilteringHandlers(t *testing.T) {
	untyped, typed := &eventLog{}, &eventLog{}
	u := FilteringResourceEventHandler{FilterFunc: isRed, Handler: untypedLog{untyped}}
	y := TypedFilteringResourceEventHandler[*corev1.ConfigMap]{
		FilterFunc: func(cm *corev1.ConfigMap) bool { return isRed(cm) },
		Handler:    typedLog{typed},
	}
	red, blue := colored("a", "red"), colored("a", "blue")
	u.OnAdd(red, true)
	y.OnAdd(red, true)
	u.OnAdd(blue, true)
	y.OnAdd(blue, true)
	for _, change := range [][2]*corev1.ConfigMap{{red, red}, {red, blue}, {blue, red}, {blue, blue}} {
		u.OnUpdate(change[0], change[1])
		y.OnUpdate(change[0], change[1])
	}
	u.OnDelete(red)
	y.OnDelete(DeletedObject[*corev1.ConfigMap]{OptionalObj: red})
	u.OnDelete(blue)
	y.OnDelete(DeletedObject[*corev1.ConfigMap]{OptionalObj: blue})
	tombstone := DeletedFinalStateUnknown{"ns/a", red}
	u.OnDelete(tombstone)
	y.OnDelete(DeletedObject[*corev1.ConfigMap]{OptionalObj: red, FinalStateUnknown: &tombstone})

	want := []string{"add a=red true", "update a=red a=red", "delete a=red", "add a=red false", "delete a=red", "unknown ns/a a=red"}
	for name, l := range map[string]*eventLog{"untyped": untyped, "typed": typed} {
		if diff := cmp.Diff(want, l.take()); diff != "" {
			t.Errorf("%s handler was told (-want +got):\n%s", name, diff)
		}
	}
}

func TestHandlersOfFunctions(t *testing.T) {
	l := &eventLog{}
	cm := colored("a", "red")
	deleted := DeletedObject[*corev1.ConfigMap]{OptionalObj: cm}
	for _, h := range []ResourceEventHandler{
		ResourceEventHandlerFuncs{}, ResourceEventHandlerDetailedFuncs{},
		ResourceEventHandlerFuncs{
			AddFunc:    func(interface{}) { l.add("add") },
			UpdateFunc: func(_, _ interface{}) { l.add("update") },
			DeleteFunc: func(interface{}) { l.add("delete") },
		},
		ResourceEventHandlerDetailedFuncs{
			AddFunc:    func(_ interface{}, initial bool) { l.add("add %v", initial) },
			UpdateFunc: func(_, _ interface{}) { l.add("update") },
			DeleteFunc: func(interface{}) { l.add("delete") },
		},
	} {
		h.OnAdd(cm, true)
		h.OnUpdate(cm, cm)
		h.OnDelete(cm)
	}
	for _, h := range []TypedResourceEventHandler[*corev1.ConfigMap]{
		TypedResourceEventHandlerFuncs[*corev1.ConfigMap]{}, TypedResourceEventHandlerDetailedFuncs[*corev1.ConfigMap]{},
		TypedResourceEventHandlerFuncs[*corev1.ConfigMap]{
			AddFunc:    func(*corev1.ConfigMap) { l.add("add") },
			UpdateFunc: func(_, _ *corev1.ConfigMap) { l.add("update") },
			DeleteFunc: func(DeletedObject[*corev1.ConfigMap]) { l.add("delete") },
		},
		TypedResourceEventHandlerDetailedFuncs[*corev1.ConfigMap]{
			AddFunc:    func(_ *corev1.ConfigMap, initial bool) { l.add("add %v", initial) },
			UpdateFunc: func(_, _ *corev1.ConfigMap) { l.add("update") },
			DeleteFunc: func(DeletedObject[*corev1.ConfigMap]) { l.add("delete") },
		},
	} {
		h.OnAdd(cm, true)
		h.OnUpdate(cm, cm)
		h.OnDelete(deleted)
	}
	want := strings.Fields("add update delete add,true update delete add update delete add,true update delete")
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], ",", " ")
	}
	if diff := cmp.Diff(want, l.take()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestDeletedObjectAlwaysKnowsItsName(t *testing.T) {
	cm := colored("a", "red")
	for name, c := range map[string]struct {
		deleted DeletedObject[*corev1.ConfigMap]
		want    ObjectName
		key     string
	}{
		"final state":  {DeletedObject[*corev1.ConfigMap]{OptionalObj: cm}, ObjectName{"ns", "a"}, "ns/a"},
		"stale":        {DeletedObject[*corev1.ConfigMap]{OptionalObj: cm, FinalStateUnknown: &DeletedFinalStateUnknown{"ns/a", cm}}, ObjectName{"ns", "a"}, "ns/a"},
		"never seen":   {DeletedObject[*corev1.ConfigMap]{FinalStateUnknown: &DeletedFinalStateUnknown{Key: "b"}}, ObjectName{"", "b"}, "b"},
		"odd key":      {DeletedObject[*corev1.ConfigMap]{FinalStateUnknown: &DeletedFinalStateUnknown{Key: "a/b/c"}}, ObjectName{"", "a/b/c"}, "a/b/c"},
		"nothing, ill": {DeletedObject[*corev1.ConfigMap]{}, ObjectName{}, ""},
	} {
		d := c.deleted
		if d.GetObjectName() != c.want || d.GetKey() != c.key || d.GetName() != c.want.Name || d.GetNamespace() != c.want.Namespace {
			t.Errorf("%s: %v, key %q, name %q, namespace %q; want %v", name, d.GetObjectName(), d.GetKey(), d.GetName(), d.GetNamespace(), c.want)
		}
	}
}

func TestAssertingHandlerUnwrapsTombstones(t *testing.T) {
	l := &eventLog{}
	var deleted []DeletedObject[*corev1.ConfigMap]
	h := assertingHandler[*corev1.ConfigMap]{TypedResourceEventHandlerDetailedFuncs[*corev1.ConfigMap]{
		AddFunc:    typedLog{l}.OnAdd,
		UpdateFunc: typedLog{l}.OnUpdate,
		DeleteFunc: func(d DeletedObject[*corev1.ConfigMap]) { deleted = append(deleted, d) },
	}}
	cm := colored("a", "red")
	h.OnAdd(cm, true)
	h.OnUpdate(cm, cm)
	h.OnDelete(cm)
	h.OnDelete(DeletedFinalStateUnknown{"ns/a", cm})
	h.OnDelete(DeletedFinalStateUnknown{"ns/b", nil})
	if diff := cmp.Diff([]string{"add a=red true", "update a=red a=red"}, l.take()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if len(deleted) != 3 || deleted[0].FinalStateUnknown != nil || deleted[1].OptionalObj != cm || deleted[2].OptionalObj != nil || deleted[2].GetKey() != "ns/b" {
		t.Errorf("deleted %v", deleted)
	}
}
