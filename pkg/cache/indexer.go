package cache

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// indexer is the Indexer spelling of a store of Ts.
type indexer[T any] struct {
	*store.Store[T]
	key       func(T) (string, error)
	transform TransformFunc  // applied to what is added, updated or replaced through this indexer; may be nil
	metric    *versionMetric // told of the versions that writes through this indexer have reached; may be nil
}

var (
	_ Indexer              = &indexer[any]{}
	_ TransactionStore     = &indexer[any]{}
	_ TypedIndexer[string] = &indexer[string]{}
)

func (x *indexer[T]) Add(obj interface{}) error {
	c, err := x.addition(obj)
	if err != nil {
		return err
	}
	x.write(c)
	return nil
}

func (x *indexer[T]) Update(obj interface{}) error { return x.Add(obj) }

func (x *indexer[T]) Delete(obj interface{}) error {
	c, err := x.deletion(obj)
	if err != nil {
		return err
	}
	x.write(c)
	return nil
}

func (x *indexer[T]) Replace(list []interface{}, resourceVersion string) error {
	objects := make([]T, len(list))
	keys := make([]string, len(list))
	for i, obj := range list {
		obj, err := transformed(x.transform, obj)
		if err != nil {
			return err
		}
		if objects[i], keys[i], err = x.keyed(obj); err != nil {
			return err
		}
	}
	x.replace(keys, objects, resourceVersion)
	return nil
}

func (x *indexer[T]) List() []interface{} { return x.ListUntyped() }

func (x *indexer[T]) ListKeys() []string { return x.Keys() }

func (x *indexer[T]) Get(obj interface{}) (item interface{}, exists bool, err error) {
	if key, ok := obj.(ExplicitKey); ok {
		return x.GetByKey(string(key))
	}
	_, key, err := x.keyed(obj)
	if err != nil {
		return nil, false, err
	}
	return x.GetByKey(key)
}

func (x *indexer[T]) GetByKey(key string) (item interface{}, exists bool, err error) {
	object, exists := x.Store.Get(key)
	if !exists {
		return nil, false, nil
	}
	return object, true, nil
}

func (x *indexer[T]) LastStoreSyncResourceVersion() string { return x.Version() }

func (x *indexer[T]) Bookmark(rv string) {
	x.Reached(rv)
	x.metric.update(x.Version)
}

func (x *indexer[T]) Resync() error { return nil }

func (x *indexer[T]) prepare(obj interface{}) (interface{}, error) {
	return prepare(x.transform, func(obj interface{}) (string, error) {
		_, key, err := x.keyed(obj)
		return key, err
	}, obj)
}

func (x *indexer[T]) Index(indexName string, obj interface{}) ([]interface{}, error) {
	object, err := as[T](obj)
	if err != nil {
		return nil, err
	}
	return x.IndexUntyped(indexName, object)
}

func (x *indexer[T]) TypedIndex(indexName string, obj T) ([]T, error) {
	return x.Store.Index(indexName, obj)
}

func (x *indexer[T]) ByIndex(indexName, indexedValue string) ([]interface{}, error) {
	return x.ByIndexUntyped(indexName, indexedValue)
}

func (x *indexer[T]) ByTypedIndex(indexName, indexedValue string) ([]T, error) {
	return x.Store.ByIndex(indexName, indexedValue)
}

func (x *indexer[T]) ListIndexFuncValues(indexName string) []string {
	return x.IndexValues(indexName)
}

func (x *indexer[T]) GetIndexers() Indexers {
	functions := x.IndexFuncs()
	indexers := make(Indexers, len(functions))
	for name, function := range functions {
		indexers[name] = TypedIndexerFuncToIndexerFunc(TypedIndexFunc[T](function))
	}
	return indexers
}

func (x *indexer[T]) AddIndexers(newIndexers Indexers) error {
	return x.AddIndexes(storeIndexes[T](newIndexers))
}

func (x *indexer[T]) AddTypedIndexers(newIndexers TypedIndexers[T]) error {
	functions := make(map[string]store.IndexFunc[T], len(newIndexers))
	for name, function := range newIndexers {
		functions[name] = store.IndexFunc[T](function)
	}
	return x.AddIndexes(functions)
}

// addition is the change that stores an object, transformed.
func (x *indexer[T]) addition(obj interface{}) (store.Change[T], error) {
	obj, err := transformed(x.transform, obj)
	if err != nil {
		return store.Change[T]{}, err
	}
	object, key, err := x.keyed(obj)
	if err != nil {
		return store.Change[T]{}, err
	}
	return addition(key, object), nil
}

// deletion is the change that removes the object that obj is, or is a tombstone of.
func (x *indexer[T]) deletion(obj interface{}) (store.Change[T], error) {
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return store.Change[T]{Key: deleted.Key, Delete: true}, nil
	}
	object, key, err := x.keyed(obj)
	if err != nil {
		return store.Change[T]{}, err
	}
	return deletion(key, object), nil
}

func addition[T any](key string, object T) store.Change[T] {
	return store.Change[T]{Key: key, Object: object, Version: resourceVersionOf(object)}
}

func deletion[T any](key string, last T) store.Change[T] {
	return store.Change[T]{Key: key, Delete: true, Version: resourceVersionOf(last)}
}

// write makes changes in one step.
func (x *indexer[T]) write(changes ...store.Change[T]) {
	x.Write(changes)
	x.metric.update(x.Version)
}

// replace takes over both slices.
func (x *indexer[T]) replace(keys []string, objects []T, version string) {
	x.Store.Replace(keys, objects, version, nil)
	x.metric.update(x.Version)
}

// keyed returns obj as a T, and its key.
func (x *indexer[T]) keyed(obj interface{}) (T, string, error) {
	if p, ok := obj.(prepared); ok {
		obj = p.object
	}
	object, err := as[T](obj)
	if err != nil {
		return object, "", KeyError{obj, err}
	}
	key, err := x.key(object)
	if err != nil {
		return object, "", KeyError{obj, err}
	}
	return object, key, nil
}

// resourceVersionOf is the resource version of an API object, and "" of anything else.
func resourceVersionOf(obj interface{}) string {
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return ""
	}
	return accessor.GetResourceVersion()
}

// logIndexError reports an object that is missing from an index.
func logIndexError(err *store.IndexError) {
	klog.Background().Error(err, "Object was stored but not indexed", "index", err.Index, "key", err.Key)
}

// transformed applies a transform, if there is one, to an object that is not a tombstone, nor transformed already.
func transformed(transform TransformFunc, obj interface{}) (interface{}, error) {
	if p, ok := obj.(prepared); ok {
		return p.object, nil
	}
	if transform == nil {
		return obj, nil
	}
	if _, tombstone := obj.(DeletedFinalStateUnknown); tombstone {
		return obj, nil
	}
	result, err := transform(obj)
	if err != nil {
		return nil, fmt.Errorf("transform: %w", err)
	}
	return result, nil
}
