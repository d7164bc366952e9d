package apiservertest

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Storage is what the server keeps, for tests that check it.
func (s *Server) Storage() *storage.Store { return s.store }

// Collections are the resources that are in the storage, each once.
func (s *Server) Collections() []schema.GroupResource {
	var collections []schema.GroupResource
	known := map[schema.GroupResource]bool{}
	for _, r := range s.catalog.All() {
		if key := catalog.StorageKey(r); r.Storage != "" && !known[key] {
			known[key] = true
			collections = append(collections, key)
		}
	}
	return collections
}
