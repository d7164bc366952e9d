package listers_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/generated/kubernetes/listers"
	"github.com/kubewright/kubewright/pkg/cache"
)

func TestHandWrittenLister(t *testing.T) {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, namespace := range []string{"a", "b"} {
		if err := indexer.Add(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "s"}}); err != nil {
			t.Fatal(err)
		}
	}
	all := listers.New[*corev1.Secret](indexer, corev1.Resource("secret"))
	if secrets, err := all.List(labels.Everything()); err != nil || len(secrets) != 2 {
		t.Errorf("got %v, %v, want both secrets", secrets, err)
	}
	a := listers.NewNamespaced(all, "a")
	if secret, err := a.Get("s"); err != nil || secret.Namespace != "a" {
		t.Errorf("got %v, %v, want secret a/s", secret, err)
	}
	if _, err := a.Get("none"); !apierrors.IsNotFound(err) {
		t.Errorf("got %v, want NotFound", err)
	}
}
