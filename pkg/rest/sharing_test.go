package rest

import (
	"io"
	"sync"
	"testing"
	"unsafe"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const sharedLabel = "a-label-that-all-objects-have"

// alike returns objects that differ in their names.
func alike(names ...string) *corev1.ConfigMapList {
	list := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "9"}}
	for _, name := range names {
		list.Items = append(list.Items, corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": sharedLabel}}})
	}
	return list
}

// checkShared checks that the last two of some objects have one string, and maps of their own.
func checkShared(t *testing.T, objects []runtime.Object) {
	t.Helper()
	last, before := objects[len(objects)-1].(*corev1.ConfigMap), objects[len(objects)-2].(*corev1.ConfigMap)
	if last.Labels["app"] != sharedLabel || before.Labels["app"] != sharedLabel || last.Name == before.Name {
		t.Fatalf("wrong objects: %v %v", before, last)
	}
	if unsafe.StringData(last.Labels["app"]) != unsafe.StringData(before.Labels["app"]) {
		t.Error("equal labels are two strings")
	}
	last.Labels["app"] = "changed"
	if before.Labels["app"] != sharedLabel {
		t.Error("the objects have one map")
	}
}

func TestObjectsOfAListShareEqualStrings(t *testing.T) {
	for _, mediaType := range []string{jsonType, protobufType} {
		t.Run(mediaType, func(t *testing.T) {
			items, err := eachOf(t, listClient(t, mediaType, encodedList(t, mediaType, alike("a", "b", "c", "d"))), &corev1.ConfigMapList{})
			if err != nil {
				t.Fatal(err)
			}
			var objects []runtime.Object
			for _, item := range items {
				objects = append(objects, item.Object)
			}
			checkShared(t, objects)
		})
	}
}

func TestObjectsOfAWatchShareEqualStrings(t *testing.T) {
	for _, contentType := range []string{jsonStream, protobufStream} {
		t.Run(contentType, func(t *testing.T) {
			var data []byte
			list := alike("a", "b", "c", "d")
			for i := range list.Items {
				data = append(data, frameOf(t, contentType, "ADDED", &list.Items[i])...)
			}
			var objects []runtime.Object
			for _, e := range collect(watchOf(t, contentType, stream(data, io.EOF))) {
				objects = append(objects, e.Object)
			}
			checkShared(t, objects)
		})
	}
}

// TestListsAtTheSameTimeHaveStringsOfTheirOwn: the race detector sees whether two of them write to the same memory.
func TestListsAtTheSameTimeHaveStringsOfTheirOwn(t *testing.T) {
	body := encodedList(t, protobufType, alike("a", "b", "c", "d"))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				items, err := eachOf(t, listClient(t, protobufType, body), &corev1.ConfigMapList{})
				if err != nil || len(items) != 4 {
					t.Errorf("%d items, error %v", len(items), err)
				}
			}
		})
	}
	wg.Wait()
}
