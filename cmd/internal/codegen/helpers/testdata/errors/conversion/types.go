package conversion

type A struct{}
