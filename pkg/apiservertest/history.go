package apiservertest

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Revision is the resourceVersion of the last write.
func (s *Server) Revision() int64 { return s.store.Revision() }

// Compact forgets history before the last write, as etcd does from time to time: lists and watches from older versions are answered
// with 410 (reason Expired), and a watch that has not been told all of it ends with an event that says so. The memory of objects that
// are gone is free then.
func (s *Server) Compact() error {
	if err := s.store.Compact(s.store.Revision()); err != nil {
		return fmt.Errorf("apiservertest: %w", err)
	}
	s.codec.Forget()
	return nil
}

// Restore sets the server back to what it was at a revision, as restoring a backup does: later writes have never been, and their
// versions are given again. Watches end. The revision must not be compacted.
func (s *Server) Restore(revision int64) error {
	if err := s.store.Reset(revision); err != nil {
		return fmt.Errorf("apiservertest: %w", err)
	}
	s.registry.Wake()
	return nil
}

// History returns what happened to an object since the server was started, whatever was compacted or restored, the oldest first. It
// needs WithCompleteHistory, and makes the Server a record.History for record.Recorder.Trace.
func (s *Server) History(resource schema.GroupResource, namespace, name string) []record.Change {
	var changes []record.Change
	for _, e := range s.store.History(storage.Key{Resource: resource, Namespace: namespace, Name: name}) {
		changes = append(changes, record.Change{Revision: e.Revision, Old: e.Old, New: e.New})
	}
	return changes
}

// kindOfResource returns the kind of a resource; empty if it is not served.
func (s *Server) kindOfResource(gvr schema.GroupVersionResource) string {
	r, _, ok := s.catalog.Lookup(gvr.Group, gvr.Version, gvr.Resource)
	if !ok {
		return ""
	}
	return r.Kind
}
