package runtime_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
)

// itemLister is how others find EachItem: by a type assertion on a generated client.
type itemLister interface {
	EachItem(ctx context.Context, opts metav1.ListOptions, each func(rest.ListItem) error) (metav1.ListMeta, error)
}

// generated is what client-gen makes for a resource.
type generated struct{ *configMaps }

var _ itemLister = generated{}

func TestEachItemListsAsListDoes(t *testing.T) {
	s := &server{answer: `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"next","remainingItemCount":5},` +
		`"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"},"data":5},{"metadata":{"name":"c"}}]}`}
	seconds := int64(7)
	opts := metav1.ListOptions{LabelSelector: "a=b", Limit: 3, TimeoutSeconds: &seconds}
	c := generated{s.configMaps(t, "ns", runtime.PrefersProtobuf[*corev1.ConfigMap]())}
	var got []string
	meta, err := c.EachItem(t.Context(), opts, func(item rest.ListItem) error {
		if cm, ok := item.Object.(*corev1.ConfigMap); ok {
			got = append(got, cm.Name)
		} else {
			got = append(got, "undecodable "+item.Undecodable.Name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "undecodable b", "c"}, got); diff != "" {
		t.Errorf("unexpected items (-want +got):\n%s", diff)
	}
	left := int64(5)
	if diff := cmp.Diff(metav1.ListMeta{ResourceVersion: "9", Continue: "next", RemainingItemCount: &left}, meta); diff != "" {
		t.Errorf("unexpected metadata (-want +got):\n%s", diff)
	}
	sentByEach := s.last
	s.answer = `{"kind":"ConfigMapList","apiVersion":"v1"}`
	if _, err := c.List(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.last, sentByEach); diff != "" {
		t.Errorf("the requests differ (-List +EachItem):\n%s", diff)
	}
}

func TestEachItemReturnsTheErrorOfEach(t *testing.T) {
	s := &server{answer: `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"a"}}]}`}
	stop := errors.New("stop")
	meta, err := s.configMaps(t, "ns").EachItem(t.Context(), metav1.ListOptions{}, func(rest.ListItem) error { return stop })
	if err != stop || meta != (metav1.ListMeta{}) {
		t.Errorf("%+v, error %v", meta, err)
	}
}

// Row 10: what is no list would mean that there is nothing on the server.
func TestListMetadataTakesOnlyListsForLists(t *testing.T) {
	for answer, want := range map[string]bool{
		`null`: false,
		`{}`:   false,
		`{"kind":"Status","apiVersion":"v1","status":"Success"}`:                                                false,
		`{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"5"}}`: true,
		`{"metadata":{"resourceVersion":"5"},"items":[]}`:                                                       true,
	} {
		s := &server{answer: answer}
		if _, err := s.configMaps(t, "ns").ListMetadata(t.Context(), metav1.ListOptions{}); (err == nil) != want {
			t.Errorf("%s: error %v", answer, err)
		}
	}
}
