package cached

import "context"

// memo is a value that is asked for until somebody gets it. It is safe for concurrent use.
type memo[T any] struct {
	turn  chan struct{} // whoever has put something in may read and write the fields below
	known bool
	value T
}

func newMemo[T any]() *memo[T] { return &memo[T]{turn: make(chan struct{}, 1)} }

// get returns the value, which the first call of ask that does not fail answers. One call runs at a time: others wait for
// it, or for the end of their contexts.
func (m *memo[T]) get(ctx context.Context, ask func() (T, error)) (T, error) {
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	if m.known {
		return m.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	m.known, m.value = true, value
	return value, nil
}
