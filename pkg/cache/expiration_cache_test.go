package cache

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	clocktesting "k8s.io/utils/clock/testing"
)

func TestTTLStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewTTLStore(named, time.Minute)
		must(t, s.Add("old=1"), s.Add("again=1"))
		time.Sleep(30 * time.Second)
		must(t, s.Update("again=2"), s.Add("new=1"))
		time.Sleep(30 * time.Second)
		if len(s.List()) != 3 {
			t.Errorf("at the age of a minute: %v", s.List())
		}
		time.Sleep(time.Nanosecond)
		for _, key := range []string{"old", "nope"} {
			if obj, exists, err := s.GetByKey(key); obj != nil || exists || err != nil {
				t.Errorf("GetByKey(%q) = %v, %v, %v", key, obj, exists, err)
			}
		}
		if obj, exists, err := s.Get("again=7"); obj != "again=2" || !exists || err != nil {
			t.Errorf("Get = %v, %v, %v; an object that was updated is new", obj, exists, err)
		}
		if keys := sorted(s.ListKeys()); !slices.Equal(keys, []string{"again", "new"}) {
			t.Errorf("keys = %v", keys)
		}
	})
}

func TestExpirationCacheIsAStore(t *testing.T) {
	s := NewTTLStore(MetaNamespaceKeyFunc, 0)
	if _, ok := s.(*ExpirationCache); !ok {
		t.Fatalf("store is a %T", s)
	}
	must(t, s.Add(at(labelled("a", "1", ""), "1")), s.Add(at(labelled("a", "2", ""), "2")), s.Add(labelled("a", "3", "")))
	if got := s.LastStoreSyncResourceVersion(); got != "2" {
		t.Errorf("version = %q, want that of the object that was stored last", got)
	}
	must(t, s.Delete(at(labelled("a", "1", ""), "3")), s.Delete(DeletedFinalStateUnknown{Key: "a/3"}), s.Delete(labelled("a", "9", "")), s.Resync())
	if !slices.Equal(s.ListKeys(), []string{"a/2"}) || s.LastStoreSyncResourceVersion() != "3" {
		t.Errorf("keys %v at %q", s.ListKeys(), s.LastStoreSyncResourceVersion())
	}
	must(t, s.Replace([]interface{}{labelled("b", "1", "")}, "7"))
	if obj, exists, _ := s.Get(ExplicitKey("b/1")); !exists || obj.(*corev1.ConfigMap).Name != "1" || len(s.List()) != 1 {
		t.Errorf("after Replace: %v", s.List())
	}
	s.Bookmark("8")
	if got := s.LastStoreSyncResourceVersion(); got != "8" {
		t.Errorf("version after Bookmark = %q", got)
	}
	_, _, getErr := s.Get("text")
	for _, err := range []error{s.Add("text"), s.Update("text"), s.Delete("text"), s.Replace([]interface{}{"text"}, "9"), getErr} {
		var keyError KeyError
		if !errors.As(err, &keyError) {
			t.Errorf("error = %v, want a KeyError", err)
		}
	}
	if len(s.List()) != 1 {
		t.Errorf("a list that failed has changed the store: %v", s.List())
	}
}

// policyFunc is a policy made of a function.
type policyFunc func(*TimestampedEntry) bool

func (f policyFunc) IsExpired(obj *TimestampedEntry) bool { return f(obj) }

// Only reading lets objects go.
func TestExpirationIsLazy(t *testing.T) {
	judged := 0
	s := NewExpirationStore(named, policyFunc(func(entry *TimestampedEntry) bool {
		judged++
		return entry.Obj == "old=1"
	}))
	must(t, s.Add("old=1"), s.Add("new=1"))
	if len(s.ListKeys()) != 2 || judged != 0 {
		t.Errorf("keys %v, %d judged", s.ListKeys(), judged)
	}
	if objects := s.List(); !slices.Equal(objects, []interface{}{"new=1"}) || judged != 2 || len(s.ListKeys()) != 1 {
		t.Errorf("List = %v, %d judged, keys now %v", objects, judged, s.ListKeys())
	}
}

// P6: the policy is asked without a lock, and what comes meanwhile is not mistaken for what has expired.
func TestExpirationPolicyMayUseTheCache(t *testing.T) {
	var s Store
	s = NewExpirationStore(named, policyFunc(func(entry *TimestampedEntry) bool {
		if entry.Obj != "a=1" {
			return false
		}
		if err := s.Add("a=2"); err != nil {
			t.Error(err)
		}
		return true
	}))
	must(t, s.Add("a=1"))
	if objects := s.List(); len(objects) != 0 {
		t.Errorf("List = %v; it is of the moment before", objects)
	}
	if obj, exists, err := s.GetByKey("a"); obj != "a=2" || !exists || err != nil {
		t.Errorf("GetByKey = %v, %v, %v; the new object was removed with the old one", obj, exists, err)
	}
}

func TestTTLPolicy(t *testing.T) {
	now := time.Now()
	clock := clocktesting.NewFakeClock(now)
	for name, c := range map[string]struct {
		policy TTLPolicy
		entry  *TimestampedEntry
		want   bool
	}{
		"as old as allowed": {TTLPolicy{time.Second, clock}, &TimestampedEntry{Timestamp: now.Add(-time.Second)}, false},
		"older":             {TTLPolicy{time.Second, clock}, &TimestampedEntry{Timestamp: now.Add(-time.Second - 1)}, true},
		"of unknown age":    {TTLPolicy{time.Second, clock}, &TimestampedEntry{}, true},
		"none at all":       {TTLPolicy{time.Second, clock}, nil, true},
		"zero is for ever":  {TTLPolicy{0, clock}, &TimestampedEntry{Timestamp: now.Add(-time.Hour)}, false},
		"negative, too":     {TTLPolicy{-1, clock}, &TimestampedEntry{}, false},
		"the real clock":    {TTLPolicy{time.Hour, nil}, &TimestampedEntry{Timestamp: now.Add(-2 * time.Hour)}, true},
	} {
		if got := c.policy.IsExpired(c.entry); got != c.want {
			t.Errorf("%s: expired %v, want %v", name, got, c.want)
		}
	}
}

// Timestamps and ages are of one clock.
func TestExpirationStoreTakesTheClockOfItsPolicy(t *testing.T) {
	clock := clocktesting.NewFakeClock(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	s := NewExpirationStore(named, &TTLPolicy{TTL: time.Minute, Clock: clock})
	must(t, s.Add("a=1"))
	clock.Step(time.Minute)
	if len(s.List()) != 1 {
		t.Error("expired too early")
	}
	clock.Step(1)
	if len(s.List()) != 0 {
		t.Error("not expired")
	}
}
