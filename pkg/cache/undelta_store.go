package cache

// UndeltaStore is a Store for a Reflector whose owner wants no changes, but the complete state after each of them: after
// every Add, Update, Delete and Replace that had no error, PushFunc is called once with all objects.
//
// PushFunc is called by the goroutine that made the change, without a lock, so that it may use the store. If several
// goroutines change the store, it is called concurrently; two calls may then show the same state, and an older state may
// come after a newer one. A Reflector has one goroutine.
type UndeltaStore struct {
	Store
	PushFunc func([]interface{})
}

var _ Store = &UndeltaStore{}

// NewUndeltaStore returns an empty UndeltaStore.
func NewUndeltaStore(pushFunc func([]interface{}), keyFunc KeyFunc) *UndeltaStore {
	return &UndeltaStore{Store: NewStore(keyFunc), PushFunc: pushFunc}
}

// Add stores an object and pushes.
func (u *UndeltaStore) Add(obj interface{}) error { return u.push(u.Store.Add(obj)) }

// Update stores an object and pushes.
func (u *UndeltaStore) Update(obj interface{}) error { return u.push(u.Store.Update(obj)) }

// Delete removes an object and pushes.
func (u *UndeltaStore) Delete(obj interface{}) error { return u.push(u.Store.Delete(obj)) }

// Replace makes the objects the whole content and pushes.
func (u *UndeltaStore) Replace(list []interface{}, resourceVersion string) error {
	return u.push(u.Store.Replace(list, resourceVersion))
}

// push tells the complete state after a change that had no error.
func (u *UndeltaStore) push(err error) error {
	if err != nil {
		return err
	}
	u.PushFunc(u.List())
	return nil
}
