package cache

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func at(cm *corev1.ConfigMap, version string) *corev1.ConfigMap {
	cm.ResourceVersion = version
	return cm
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The typed and the untyped spelling of a store are the same store.
func TestStoreMethods(t *testing.T) {
	for name, s := range indexers(t) {
		t.Run(name, func(t *testing.T) {
			must(t, s.Add(at(labelled("a", "1", "red"), "1")), s.Update(at(labelled("a", "2", "red"), "2")), s.Add(labelled("b", "1", "")))
			if got := s.LastStoreSyncResourceVersion(); got != "2" {
				t.Errorf("version = %q, want 2", got)
			}
			if obj, exists, err := s.Get(labelled("a", "1", "")); !exists || err != nil || obj.(*corev1.ConfigMap).ResourceVersion != "1" {
				t.Errorf("Get = %v, %v, %v", obj, exists, err)
			}
			if _, exists, err := s.Get(ExplicitKey("a/2")); !exists || err != nil {
				t.Errorf("Get by ExplicitKey = %v, %v", exists, err)
			}
			if obj, exists, err := s.GetByKey("nope"); obj != nil || exists || err != nil {
				t.Errorf("GetByKey of nothing = %v, %v, %v", obj, exists, err)
			}
			must(t, s.Delete(at(labelled("a", "1", ""), "5")), s.Delete(DeletedFinalStateUnknown{Key: "b/1"}), s.Delete(labelled("c", "1", "")))
			if diff := cmp.Diff([]string{"a/2"}, s.ListKeys()); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			must(t, s.Replace([]interface{}{labelled("x", "1", "red"), labelled("x", "2", "blue")}, "9"), s.Resync())
			if len(s.List()) != 2 || s.LastStoreSyncResourceVersion() != "9" {
				t.Errorf("after Replace: %v at %q", s.List(), s.LastStoreSyncResourceVersion())
			}
			s.Bookmark("10")
			if got := s.LastStoreSyncResourceVersion(); got != "10" {
				t.Errorf("version after Bookmark = %q", got)
			}

			byColor := func(obj interface{}) ([]string, error) { return []string{obj.(*corev1.ConfigMap).Labels["color"]}, nil }
			must(t, s.AddIndexers(Indexers{"color": byColor}))
			keys, err := s.IndexKeys("color", "red")
			if !slices.Equal(keys, []string{"x/1"}) || err != nil {
				t.Errorf("IndexKeys = %v, %v", keys, err)
			}
			objects, err := s.Index("color", labelled("", "", "blue"))
			if len(objects) != 1 || err != nil || objects[0].(*corev1.ConfigMap).Name != "2" {
				t.Errorf("Index = %v, %v", objects, err)
			}
			if values := s.ListIndexFuncValues("color"); len(values) != 2 {
				t.Errorf("ListIndexFuncValues = %v", values)
			}
			values, err := s.GetIndexers()["color"](labelled("", "", "green"))
			if !slices.Equal(values, []string{"green"}) || err != nil {
				t.Errorf("function of GetIndexers = %v, %v", values, err)
			}
			if _, err := s.ByIndex("nope", "x"); err == nil {
				t.Error("no error for an index that does not exist")
			}
		})
	}
}

func TestStoreRefusesWhatHasNoKeyOrTheWrongType(t *testing.T) {
	for name, s := range indexers(t) {
		errs := map[string]error{"Add": s.Add("text"), "Update": s.Update("text"), "Delete": s.Delete("text"), "Replace": s.Replace([]interface{}{"text"}, "1")}
		_, _, errs["Get"] = s.Get("text")
		for method, err := range errs {
			var keyError KeyError
			if !errors.As(err, &keyError) || keyError.Obj != "text" {
				t.Errorf("%s, %s: error = %v, want a KeyError", name, method, err)
			}
		}
	}
}

func TestTypedIndexer(t *testing.T) {
	all := indexers(t, labelled("a", "1", "red"))
	delete(all, "typed, plain")
	delete(all, "untyped, plain")
	for name, indexer := range all {
		t.Run(name, func(t *testing.T) {
			typed, ok := indexer.(TypedIndexer[*corev1.ConfigMap])
			if !ok {
				typed = typedIndexerView[*corev1.ConfigMap]{indexer}
			}
			must(t, typed.AddTypedIndexers(TypedIndexers[*corev1.ConfigMap]{"color": func(cm *corev1.ConfigMap) ([]string, error) {
				return []string{cm.Labels["color"]}, nil
			}}))
			byIndex, err1 := typed.ByTypedIndex("color", "red")
			same, err2 := typed.TypedIndex("color", labelled("", "", "red"))
			if len(byIndex) != 1 || len(same) != 1 || err1 != nil || err2 != nil {
				t.Errorf("ByTypedIndex = %v, %v; TypedIndex = %v, %v", byIndex, err1, same, err2)
			}
			_, err1 = typed.ByTypedIndex("nope", "")
			_, err2 = typed.TypedIndex("nope", labelled("", "", ""))
			if err1 == nil || err2 == nil {
				t.Error("no error for an index that does not exist")
			}
		})
	}
}

func TestTypedIndexersToIndexers(t *testing.T) {
	indexers := TypedIndexersToIndexers(TypedIndexers[string]{"length": func(s string) ([]string, error) { return []string{s}, nil }})
	if got, err := indexers["length"]("x"); !slices.Equal(got, []string{"x"}) || err != nil {
		t.Errorf("index function = %v, %v", got, err)
	}
	if _, err := indexers["length"](7); err == nil || !strings.Contains(err.Error(), "object is a int where string is expected") {
		t.Errorf("error = %v", err)
	}
}

func TestWithTransformer(t *testing.T) {
	s := NewStore(MetaNamespaceKeyFunc, WithTransformer(func(obj interface{}) (interface{}, error) {
		if obj.(*corev1.ConfigMap).Name == "bad" {
			return nil, errors.New("no")
		}
		return labelled("changed", obj.(*corev1.ConfigMap).Name, ""), nil
	}))
	must(t, s.Add(labelled("a", "1", "")))
	if got := s.ListKeys(); !slices.Equal(got, []string{"changed/1"}) {
		t.Errorf("keys = %v", got)
	}
	must(t, s.Replace([]interface{}{labelled("a", "2", "")}, ""))
	if got := s.ListKeys(); !slices.Equal(got, []string{"changed/2"}) {
		t.Errorf("keys = %v", got)
	}
	if s.Add(labelled("a", "bad", "")) == nil || s.Replace([]interface{}{labelled("a", "bad", "")}, "") == nil {
		t.Error("the transform's error was lost")
	}
}

func TestThreadSafeStore(t *testing.T) {
	s := NewThreadSafeStore(Indexers{NamespaceIndex: MetaNamespaceIndexFunc}, nil)
	s.Add("one", at(labelled("a", "1", ""), "1"))
	s.Update("two", at(labelled("a", "2", ""), "2"))
	if obj, exists := s.Get("one"); !exists || obj.(*corev1.ConfigMap).Name != "1" {
		t.Errorf("Get = %v, %v", obj, exists)
	}
	keys, err := s.IndexKeys(NamespaceIndex, "a")
	if len(keys) != 2 || err != nil {
		t.Errorf("IndexKeys = %v, %v", keys, err)
	}
	objects, err := s.Index(NamespaceIndex, labelled("a", "", ""))
	if len(objects) != 2 || err != nil {
		t.Errorf("Index = %v, %v", objects, err)
	}
	objects, err = s.ByIndex(NamespaceIndex, "a")
	if len(objects) != 2 || err != nil || len(s.List()) != 2 || len(s.ListKeys()) != 2 {
		t.Errorf("ByIndex = %v, %v", objects, err)
	}
	s.Delete("one")
	if s.LastStoreSyncResourceVersion() != "2" {
		t.Error("Delete without an object moved the version")
	}
	s.DeleteWithObject("two", at(labelled("a", "2", ""), "3"))
	if s.LastStoreSyncResourceVersion() != "3" || len(s.List()) != 0 || len(s.ListIndexFuncValues(NamespaceIndex)) != 0 {
		t.Errorf("after DeleteWithObject: %v at %q", s.List(), s.LastStoreSyncResourceVersion())
	}
	s.Replace(map[string]interface{}{"x": labelled("b", "1", "")}, "7")
	s.Bookmark("8")
	must(t, s.AddIndexers(Indexers{"more": MetaNamespaceIndexFunc}), s.Resync())
	if len(s.GetIndexers()) != 2 || s.LastStoreSyncResourceVersion() != "8" {
		t.Errorf("indexers %v at %q", s.GetIndexers(), s.LastStoreSyncResourceVersion())
	}
}

func TestThreadSafeStoreRefusesReadyMadeIndexes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("indices were accepted, and would have been ignored")
		}
	}()
	NewThreadSafeStore(nil, Indices{"x": nil})
}
