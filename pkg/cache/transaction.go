package cache

import (
	"errors"
	"fmt"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// TransactionType says what a Transaction does with its object.
type TransactionType string

const (
	// TransactionTypeAdd stores the object, as Add does.
	TransactionTypeAdd TransactionType = "Add"
	// TransactionTypeUpdate stores the object, as Update does.
	TransactionTypeUpdate TransactionType = "Update"
	// TransactionTypeDelete removes the object, as Delete does.
	TransactionTypeDelete TransactionType = "Delete"
)

// Transaction is one change of several.
type Transaction struct {
	Object interface{}
	Type   TransactionType
}

// ThreadSafeStoreTransaction is a Transaction for a store whose keys are given by the caller.
type ThreadSafeStoreTransaction struct {
	Transaction
	Key string
}

// TransactionStore is a store that takes several changes in one call. NewStore and NewIndexer return one.
type TransactionStore interface {
	// Transaction makes the changes in their order, in one step for readers. Those that cannot be made, for example because
	// an object has no key, are left out, the others are made, and the error says which. It is nil if all were made.
	Transaction(txns ...Transaction) *TransactionError
}

// ThreadSafeStoreWithTransaction is a ThreadSafeStore that takes several changes in one call. NewThreadSafeStore returns
// one.
type ThreadSafeStoreWithTransaction interface {
	ThreadSafeStore
	// Transaction makes the changes in their order, in one step for readers. One of an unknown type is reported and left
	// out.
	Transaction(fns ...ThreadSafeStoreTransaction)
}

var _ ThreadSafeStoreWithTransaction = &threadSafeMap{}

// TransactionError says which changes of a transaction were made, and why the others were not.
type TransactionError struct {
	// SuccessfulIndices are the positions of the changes that were made.
	SuccessfulIndices []int
	// TotalTransactions is how many changes there were.
	TotalTransactions int
	// Errors are the reasons why the others were not made, in their order.
	Errors []error
}

// Error counts the failures and joins their reasons.
func (t *TransactionError) Error() string {
	return fmt.Sprintf("%d of %d transactions failed: %v", t.TotalTransactions-len(t.SuccessfulIndices), t.TotalTransactions, errors.Join(t.Errors...))
}

// Unwrap returns the reasons.
func (t *TransactionError) Unwrap() []error { return t.Errors }

func (x *indexer[T]) Transaction(txns ...Transaction) *TransactionError {
	result := &TransactionError{TotalTransactions: len(txns)}
	changes := make([]store.Change[T], 0, len(txns))
	for i, txn := range txns {
		c, err := x.change(txn)
		if err != nil {
			result.Errors = append(result.Errors, err)
			continue
		}
		result.SuccessfulIndices = append(result.SuccessfulIndices, i)
		changes = append(changes, c)
	}
	x.write(changes...)
	if len(result.Errors) == 0 {
		return nil
	}
	return result
}

// change is one change of a transaction.
func (x *indexer[T]) change(txn Transaction) (store.Change[T], error) {
	switch txn.Type {
	case TransactionTypeAdd, TransactionTypeUpdate:
		return x.addition(txn.Object)
	case TransactionTypeDelete:
		return x.deletion(txn.Object)
	default:
		return store.Change[T]{}, unknownTransaction(txn.Type)
	}
}

func (s *threadSafeMap) Transaction(txns ...ThreadSafeStoreTransaction) {
	changes := make([]store.Change[any], 0, len(txns))
	for _, txn := range txns {
		switch txn.Type {
		case TransactionTypeAdd, TransactionTypeUpdate:
			changes = append(changes, addition(txn.Key, txn.Object))
		case TransactionTypeDelete:
			changes = append(changes, deletion(txn.Key, txn.Object))
		default:
			utilruntime.HandleError(fmt.Errorf("object %q: %w", txn.Key, unknownTransaction(txn.Type)))
		}
	}
	s.indexed.write(changes...)
}

func unknownTransaction(kind TransactionType) error {
	return fmt.Errorf("unknown type of transaction %q: it is Add, Update or Delete", kind)
}
