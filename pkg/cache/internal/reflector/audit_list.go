package reflector

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// MetadataLister is an AuditSource that lists the metadata of objects only, in pages: for each object the server sends a
// few hundred bytes, and reads what it answers with from its storage.
type MetadataLister func(ctx context.Context, options metav1.ListOptions) (*metav1.PartialObjectMetadataList, error)

// Versions lists all pages.
func (list MetadataLister) Versions(ctx context.Context, each func(key string, uid types.UID, version string)) (string, error) {
	progress := ListState{At: newestVersion}
	for last := false; !last; {
		page, err := list.page(ctx, progress)
		if err != nil {
			return "", err
		}
		for i := range page.Items {
			object := &page.Items[i]
			each(Key{object.Namespace, object.Name}.String(), object.UID, object.ResourceVersion)
		}
		if progress, last, err = progress.take(pageOf(page)); err != nil {
			return "", err
		}
	}
	return progress.Version, nil
}

func (list MetadataLister) page(ctx context.Context, progress ListState) (*metav1.PartialObjectMetadataList, error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	page, err := list(ctx, metav1.ListOptions{ResourceVersion: progress.At, Limit: defaultPageSize, Continue: progress.Continue})
	if err != nil {
		return nil, fmt.Errorf("page %d: %w", progress.Pages+1, err)
	}
	return page, nil
}
