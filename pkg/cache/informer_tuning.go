package cache

import (
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// InformerTuning is how an informer behaves where client-go's leave no choice. The zero value is fine.
type InformerTuning struct {
	// Audit is how often, give or take half of it at random, to compare the cache with the server: by a list of metadata
	// only, of the newest version. What a watch should have told and did not is repaired by a full list, counted
	// (InformerStatus.Differences) and reported (StageAudit). Zero: never. The informer of a client that cannot list
	// metadata lists whole objects for it.
	Audit time.Duration
	// NoStreaming asks for lists in pages only. By default they are the beginning of a watch (KEP-3157), and pages if the
	// server does not do that.
	NoStreaming bool
	// PageSize is how many objects a page has; see Reflector.WatchListPageSize.
	PageSize int64
	// MinWatchTimeout and Backoff are those of ReflectorOptions.
	MinWatchTimeout time.Duration
	Backoff         *wait.Backoff
	// SplitRecreated tells handlers that an object was deleted and made again, with another UID, where nobody has seen
	// the deletion, as a deletion and an addition. By default it is one update between objects with different UIDs.
	SplitRecreated bool
}
