package cache

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestTransaction(t *testing.T) {
	s := NewStore(MetaNamespaceKeyFunc)
	must(t, s.Add(labelled("a", "1", "")), s.Add(labelled("a", "2", "")))
	err := s.(TransactionStore).Transaction(
		Transaction{labelled("a", "3", ""), TransactionTypeAdd},
		Transaction{"text", TransactionTypeUpdate},
		Transaction{at(labelled("a", "1", ""), "7"), TransactionTypeUpdate},
		Transaction{labelled("a", "4", ""), "Rename"},
		Transaction{labelled("a", "2", ""), TransactionTypeDelete},
		Transaction{labelled("a", "3", ""), TransactionTypeDelete},
		Transaction{DeletedFinalStateUnknown{Key: "a/nope"}, TransactionTypeDelete},
	)
	if err == nil || err.TotalTransactions != 7 || !slices.Equal(err.SuccessfulIndices, []int{0, 2, 4, 5, 6}) || len(err.Errors) != 2 {
		t.Fatalf("error = %+v", err)
	}
	var keyError KeyError
	if !errors.As(err, &keyError) || !strings.HasPrefix(err.Error(), "2 of 7 transactions failed: no key for an object of type string") ||
		!strings.Contains(err.Error(), `unknown type of transaction "Rename"`) {
		t.Errorf("error = %v", err)
	}
	if !slices.Equal(s.ListKeys(), []string{"a/1"}) || s.LastStoreSyncResourceVersion() != "7" {
		t.Errorf("keys %v at %q", s.ListKeys(), s.LastStoreSyncResourceVersion())
	}
	if err := s.(TransactionStore).Transaction(Transaction{labelled("a", "1", ""), TransactionTypeDelete}); err != nil {
		t.Errorf("error = %v although all was done", err)
	}
	if err := s.(TransactionStore).Transaction(); err != nil {
		t.Errorf("error of no transactions = %v", err)
	}
}

// P10: a transform is applied to what a transaction stores, once, and not to what it deletes.
func TestTransactionTransforms(t *testing.T) {
	calls := 0
	s := NewStore(MetaNamespaceKeyFunc, WithTransformer(func(obj interface{}) (interface{}, error) {
		calls++
		return labelled("changed", obj.(*corev1.ConfigMap).Name, ""), nil
	}))
	err := s.(TransactionStore).Transaction(
		Transaction{labelled("a", "1", ""), TransactionTypeAdd},
		Transaction{labelled("a", "2", ""), TransactionTypeUpdate},
		Transaction{labelled("changed", "1", ""), TransactionTypeDelete},
	)
	if err != nil || calls != 2 || !slices.Equal(s.ListKeys(), []string{"changed/2"}) {
		t.Errorf("error %v, %d calls, keys %v", err, calls, s.ListKeys())
	}
}

func TestThreadSafeStoreTransaction(t *testing.T) {
	s := NewThreadSafeStore(Indexers{NamespaceIndex: MetaNamespaceIndexFunc}, nil).(ThreadSafeStoreWithTransaction)
	change := func(key string, obj interface{}, kind TransactionType) ThreadSafeStoreTransaction {
		return ThreadSafeStoreTransaction{Transaction{obj, kind}, key}
	}
	s.Transaction(
		change("one", at(labelled("a", "1", ""), "1"), TransactionTypeAdd),
		change("two", at(labelled("a", "2", ""), "2"), TransactionTypeAdd),
		change("one", at(labelled("b", "1", ""), "3"), TransactionTypeUpdate),
		change("three", labelled("a", "3", ""), "Rename"),
		change("two", at(labelled("a", "2", ""), "4"), TransactionTypeDelete),
	)
	keys, err := s.IndexKeys(NamespaceIndex, "b")
	if !slices.Equal(keys, []string{"one"}) || err != nil || len(s.List()) != 1 || s.LastStoreSyncResourceVersion() != "4" {
		t.Errorf("index %v, %v; store %v at %q", keys, err, s.List(), s.LastStoreSyncResourceVersion())
	}
	if values := s.ListIndexFuncValues(NamespaceIndex); !slices.Equal(values, []string{"b"}) {
		t.Errorf("values of the index = %v (X3: empty sets are removed)", values)
	}
}

// A transaction is one write: nobody sees a version in between.
func TestTransactionsAreOneStep(t *testing.T) {
	reserved, _, _ := identities(t)
	changes := func(kind TransactionType) (txns []Transaction) {
		for i := range 3 {
			txns = append(txns, Transaction{at(labelled("a", fmt.Sprint(i), ""), fmt.Sprint(i+1)), kind})
		}
		return txns
	}
	l := &metricsLog{}
	s := NewStore(MetaNamespaceKeyFunc, WithStoreMetrics(reserved, l)).(TransactionStore)
	if err := s.Transaction(changes(TransactionTypeAdd)...); err != nil {
		t.Error(err)
	}
	if err := s.Transaction(changes(TransactionTypeDelete)...); err != nil {
		t.Error(err)
	}
	threadSafe := NewThreadSafeStore(nil, nil, WithThreadSafeStoreMetrics(reserved, l)).(ThreadSafeStoreWithTransaction)
	var txns []ThreadSafeStoreTransaction
	for _, txn := range changes(TransactionTypeUpdate) {
		txns = append(txns, ThreadSafeStoreTransaction{txn, txn.Object.(*corev1.ConfigMap).Name})
	}
	threadSafe.Transaction(txns...)
	if diff := cmp.Diff([]string{"test version 3", "test version 3", "test version 3"}, l.take()); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// X1 to X4, through the public API: after any transactions, also while an index function fails or panics (X2), or when an
// index is added late (X4), the indexes are those of a store that is built from what is stored.
func TestIndexesAfterTransactionsEqualThoseOfANewStore(t *testing.T) {
	words := func(obj interface{}) ([]string, error) {
		switch color := obj.(*corev1.ConfigMap).Labels["color"]; color {
		case "fail":
			return nil, errors.New("cannot index this")
		case "panic":
			panic("index function broke")
		default:
			return strings.Fields(color), nil
		}
	}
	colors := []string{"", "red", "red green", "green red red", "blue", "fail", "panic"}
	kinds := []TransactionType{TransactionTypeAdd, TransactionTypeUpdate, TransactionTypeUpdate, TransactionTypeDelete}
	picture := func(s Indexer) map[string][]string {
		result := map[string][]string{}
		for name := range s.GetIndexers() {
			for _, value := range s.ListIndexFuncValues(name) {
				keys, err := s.IndexKeys(name, value)
				must(t, err)
				result[name+" "+value] = sorted(keys)
			}
		}
		return result
	}
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := NewIndexer(MetaNamespaceKeyFunc, Indexers{"words": words})
		for step := range 30 {
			var txns []Transaction
			for range random.IntN(6) {
				obj := labelled(fmt.Sprint("ns", random.IntN(2)), fmt.Sprint(random.IntN(4)), colors[random.IntN(len(colors))])
				txns = append(txns, Transaction{obj, kinds[random.IntN(len(kinds))]})
			}
			if err := s.(TransactionStore).Transaction(txns...); err != nil {
				t.Fatal(err)
			}
			if step == 15 {
				must(t, s.AddIndexers(Indexers{NamespaceIndex: MetaNamespaceIndexFunc}))
			}
			rebuilt := NewIndexer(MetaNamespaceKeyFunc, s.GetIndexers())
			must(t, rebuilt.Replace(s.List(), ""))
			if diff := cmp.Diff(picture(rebuilt), picture(s)); diff != "" {
				t.Fatalf("seed %d, step %d: indexes differ from those of a new store (-want +got):\n%s", seed, step, diff)
			}
		}
	}
}

// X5, k8s#133788: there is no nil in a store of API objects that a lister could stumble over.
func TestNilIsNotStored(t *testing.T) {
	for name, s := range indexers(t) {
		var none *corev1.ConfigMap
		for _, obj := range []interface{}{nil, none} {
			errs := map[string]error{"Add": s.Add(obj), "Update": s.Update(obj), "Replace": s.Replace([]interface{}{obj}, "1")}
			if err := s.(TransactionStore).Transaction(Transaction{obj, TransactionTypeAdd}); err != nil {
				errs["Transaction"] = err
			}
			for method, err := range errs {
				if err == nil {
					t.Errorf("%s, %s: %T was stored", name, method, obj)
				}
			}
		}
		if len(s.ListKeys()) != 0 {
			t.Errorf("%s: keys %v", name, s.ListKeys())
		}
	}
}
