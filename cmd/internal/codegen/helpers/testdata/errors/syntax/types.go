package syntax

type A struct {
	B string,
}
