package apply_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/managedfields"

	"github.com/kubewright/kubewright/pkg/runtime/apply"
)

// partOf is an apply configuration of a config map.
type partOf struct {
	Data map[string]string `json:"data,omitempty"`
}

func managed(manager, subresource string, operation metav1.ManagedFieldsOperationType, fields string) metav1.ManagedFieldsEntry {
	return metav1.ManagedFieldsEntry{Manager: manager, Subresource: subresource, Operation: operation, FieldsV1: metav1.NewFieldsV1(fields)}
}

// TestExtractIsThatOfApimachinery compares with the function that this package does without.
func TestExtractIsThatOfApimachinery(t *testing.T) {
	const name = "io.k8s.api.core.v1.ConfigMap"
	types := apply.NewSchema("io.k8s.api.core.v1\n\tConfigMap {apiVersion:string kind:string metadata:? data:<>string}")
	object := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "x", ManagedFields: []metav1.ManagedFieldsEntry{
			managed("one", "", metav1.ManagedFieldsOperationUpdate, `{"f:data":{"f:c":{}}}`),
			managed("one", "status", metav1.ManagedFieldsOperationApply, `{"f:data":{"f:b":{}}}`),
			managed("one", "", metav1.ManagedFieldsOperationApply, `{"f:data":{"f:a":{},"f:gone":{}}}`),
			managed("gone", "", metav1.ManagedFieldsOperationApply, `{"f:data":{"f:gone":{}}}`),
			managed("broken", "", metav1.ManagedFieldsOperationApply, `{"nonsense":{}}`),
			{Manager: "empty", Operation: metav1.ManagedFieldsOperationApply, FieldsV1: metav1.NewFieldsV1(`{}`)},
		}},
		Data: map[string]string{"a": "1", "b": "2", "c": "3"},
	}
	for _, manager := range []string{"one", "gone", "broken", "nobody"} {
		for _, subresource := range []string{"", "status"} {
			var got, want partOf
			err := types.Extract(object, name, manager, &got, subresource)
			wantErr := managedfields.ExtractInto(object, types.Type(name), manager, &want, subresource)
			if (err != nil) != (wantErr != nil) {
				t.Errorf("manager %s through %q: error %v, apimachinery's %v", manager, subresource, err, wantErr)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("manager %s through %q (-apimachinery +got):\n%s", manager, subresource, diff)
			}
		}
	}
	var got partOf
	if err := types.Extract(object, name, "empty", &got, ""); err != nil || got.Data != nil {
		t.Errorf("who owns nothing got %v, error %v", got, err) // apimachinery's is an error about types of Go
	}
	if err := types.Extract(object, name+"s", "one", &got, ""); err == nil || !strings.Contains(err.Error(), name+"s") {
		t.Errorf("error %v does not name the type that is not there", err)
	}
}
