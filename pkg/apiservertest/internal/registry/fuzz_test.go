package registry_test

import (
	"context"
	"errors"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// FuzzList sends options that a client may make up: the answer is a list, or a Status.
func FuzzList(f *testing.F) {
	f.Add("", "", "", "", "", int64(0))
	f.Add("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MzE4LCJzdGFydCI6Ii9iXHUwMDAwIn0", "", "", "a=b", "metadata.name=x", int64(2))
	f.Add("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiLyJ9", "7", "Exact", "a in (b,", "metadata.name!=", int64(-1))
	s := withConfigMaps(f)
	requests := []registry.Request{s.at("configmaps", "", ""), s.at("configmaps", "default", "")}
	f.Fuzz(func(t *testing.T, token, version, match, labels, fields string, limit int64) {
		for _, request := range requests {
			_, err := s.List(context.Background(), request, metav1.ListOptions{Continue: token, ResourceVersion: version,
				ResourceVersionMatch: metav1.ResourceVersionMatch(match), LabelSelector: labels, FieldSelector: fields, Limit: limit})
			wantStatus(t, err)
		}
	})
}

// FuzzPatch sends patches that a client may make up: the answer is an object, or a Status.
func FuzzPatch(f *testing.F) {
	f.Add(`{"data":{"k":"v"}}`, 0)
	f.Add(`[{"op":"add","path":"/data","value":{}}]`, 1)
	f.Add(`{"metadata":{"uid":1,"finalizers":[null]}}`, 0)
	f.Add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}`, 3)
	languages := []types.PatchType{types.MergePatchType, types.JSONPatchType, types.StrategicMergePatchType, types.ApplyPatchType}
	s := withConfigMaps(f)
	request := s.at("configmaps", "default", "a")
	f.Fuzz(func(t *testing.T, body string, language int) {
		o := metav1.PatchOptions{}
		typ := languages[uint(language)%uint(len(languages))]
		if typ == types.ApplyPatchType {
			o.FieldManager = "fuzz"
		}
		_, err := s.Patch(context.Background(), request, typ, []byte(body), o)
		wantStatus(t, err)
	})
}

func wantStatus(t *testing.T, err error) {
	t.Helper()
	if status := apierrors.APIStatus(nil); err != nil && !errors.As(err, &status) {
		t.Errorf("got %v (%T), want a StatusError", err, err)
	}
}
