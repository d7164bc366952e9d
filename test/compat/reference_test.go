package compat

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	theirscheme "k8s.io/client-go/kubernetes/scheme"
	theirreference "k8s.io/client-go/tools/reference"

	ourreference "github.com/kubewright/kubewright/pkg/reference"
)

// TestReferences compares references to objects that say what they are, or leave some of it to the scheme.
func TestReferences(t *testing.T) {
	meta := metav1.ObjectMeta{Name: "a", Namespace: "ns", UID: "u", ResourceVersion: "7"}
	for name, obj := range map[string]runtime.Object{
		"nil":                      nil,
		"of the scheme":            &corev1.Pod{ObjectMeta: meta},
		"says what it is":          &corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Other", APIVersion: "example.com/v2"}, ObjectMeta: meta},
		"says its kind only":       &corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Other"}, ObjectMeta: meta},
		"says its version only":    &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v2"}, ObjectMeta: meta},
		"without metadata":         &corev1.Pod{},
		"list":                     &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "9"}},
		"reference":                &corev1.ObjectReference{Kind: "Pod", Name: "a", FieldPath: "spec"},
		"options":                  &metav1.DeleteOptions{},
		"status":                   &metav1.Status{},
		"not in the scheme":        &metav1.PartialObjectMetadata{ObjectMeta: meta},
		"not in the scheme, known": &metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{Kind: "CronTab", APIVersion: "example.com/v1"}, ObjectMeta: meta},
	} {
		t.Run(name, func(t *testing.T) {
			theirs, theirErr := theirreference.GetReference(theirscheme.Scheme, obj)
			ours, ourErr := ourreference.GetReference(theirscheme.Scheme, obj)
			if diff := cmp.Diff(theirs, ours); diff != "" || (ourErr == nil) != (theirErr == nil) {
				t.Errorf("(-client-go +kubewright), errors %v and %v:\n%s", theirErr, ourErr, diff)
			}
			if errors.Is(ourErr, ourreference.ErrNilObject) != errors.Is(theirErr, theirreference.ErrNilObject) {
				t.Errorf("errors %v and %v", theirErr, ourErr)
			}
			theirs, _ = theirreference.GetPartialReference(theirscheme.Scheme, obj, "spec.containers{app}")
			ours, _ = ourreference.GetPartialReference(theirscheme.Scheme, obj, "spec.containers{app}")
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Errorf("partial (-client-go +kubewright):\n%s", diff)
			}
		})
	}
}
