package cache

import (
	"fmt"

	"k8s.io/klog/v2"
)

// knownObjects are what the consumer of a queue has, usually its store. Without KeyListerGetter nothing is known.
type knownObjects struct {
	KeyListerGetter
	logger klog.Logger
}

// has says whether an object is known.
func (k knownObjects) has(key string) bool {
	if k.KeyListerGetter == nil {
		return false
	}
	_, exists, err := k.GetByKey(key)
	return exists || err != nil // rather a deletion too many
}

// missing calls gone with a tombstone for each known object whose key is not accounted for.
func (k knownObjects) missing(accounted func(key string) bool, gone func(DeletedFinalStateUnknown)) {
	if k.KeyListerGetter == nil {
		return
	}
	for _, key := range k.ListKeys() {
		if accounted(key) {
			continue
		}
		last, exists, err := k.GetByKey(key)
		if err != nil {
			k.logger.Error(err, "Object is gone but its last state cannot be read", "key", key)
		}
		if err != nil || !exists {
			last = nil
		}
		gone(DeletedFinalStateUnknown{Key: key, Obj: last})
	}
}

// resync calls again with each known object that is not queued anyway.
func (k knownObjects) resync(queued func(key string) bool, again func(key string, obj interface{})) error {
	if k.KeyListerGetter == nil {
		return nil
	}
	for _, key := range k.ListKeys() {
		if queued(key) {
			continue
		}
		obj, exists, err := k.GetByKey(key)
		if err != nil {
			return fmt.Errorf("resync %q: %w", key, err)
		}
		if exists {
			again(key, obj)
		}
	}
	return nil
}
