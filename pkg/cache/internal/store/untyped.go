package store

// The same answers for those who want them untyped, without a second slice.

// ListUntyped is List.
func (r *Reader[T]) ListUntyped() []any {
	return answer(r, func() int { return len(r.table.objects) }, func(objects []any) []any {
		return appendUntyped(objects, r.table.objects)
	})
}

// ByIndexUntyped is ByIndex.
func (r *Reader[T]) ByIndexUntyped(name, value string) ([]any, error) {
	return byIndex(r, name, value, func(at position) any { return r.table.objects[at] })
}

// IndexUntyped is Index.
func (r *Reader[T]) IndexUntyped(name string, object T) ([]any, error) {
	values, err := r.valuesOf(name, object)
	switch {
	case err != nil:
		return nil, err
	case len(values) == 1:
		return r.ByIndexUntyped(name, values[0])
	}
	objects := r.union(name, values)
	return appendUntyped(make([]any, 0, len(objects)), objects), nil
}

func appendUntyped[T any](untyped []any, objects []T) []any {
	for _, object := range objects {
		untyped = append(untyped, object)
	}
	return untyped
}
