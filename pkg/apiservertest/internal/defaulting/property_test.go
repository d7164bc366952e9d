package defaulting

import (
	"encoding/json"
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/equality"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
)

// filled calls test with objects of all kinds, some of whose fields have random values.
func filled(t *testing.T, test func(t *testing.T, obj runtime.Object)) {
	t.Helper()
	fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(catalog.Scheme())).NilChance(0.5)
	for _, typ := range slices.SortedFunc(maps.Keys(table), func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) }) {
		for range 10 {
			obj := reflect.New(typ.Elem()).Interface().(runtime.Object)
			fill.Fill(obj)
			test(t, obj)
		}
	}
}

func TestTwiceIsOnce(t *testing.T) {
	filled(t, func(t *testing.T, obj runtime.Object) {
		Default(obj)
		once := obj.DeepCopyObject()
		Default(obj)
		if !equality.Semantic.DeepEqual(once, obj) {
			t.Errorf("the second time changes %T:\n%s", obj, cmp.Diff(once, obj))
		}
	})
}

// overwritten reports whether a field is set although a client did.
func overwritten(obj runtime.Object, field string) bool {
	switch obj.(type) {
	case *corev1.Secret:
		return strings.HasPrefix(field, "data.") || strings.HasPrefix(field, "stringData.")
	case *corev1.Namespace:
		return field == "metadata.labels.kubernetes_io_metadata_name"
	}
	return strings.HasSuffix(field, ".serviceAccount")
}

func TestKeepsWhatIsSet(t *testing.T) {
	filled(t, func(t *testing.T, obj runtime.Object) {
		before := leavesOf(t, obj)
		Default(obj)
		after := leavesOf(t, obj)
		for field, value := range before {
			if after[field] != value && !overwritten(obj, field) && !rounded(value, after[field]) {
				t.Errorf("%T: %s was %s, and is %s", obj, field, value, after[field])
			}
		}
	})
}

// rounded reports whether a quantity was rounded up.
func rounded(before, after string) bool {
	return strings.HasPrefix(before, "string ") && strings.HasPrefix(after, "string ") && strings.HasSuffix(after, "m")
}

// leavesOf are the fields of an object that are set to something.
func leavesOf(t *testing.T, obj runtime.Object) map[string]string {
	t.Helper()
	data, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	leaves := map[string]string{}
	flatten(leaves, "", tree(t, data))
	for field, value := range leaves {
		if value == "{}" || value == "<nil> <nil>" || value == "json.Number 0" || value == "string " || value == "string 0" {
			delete(leaves, field)
		}
	}
	return leaves
}
