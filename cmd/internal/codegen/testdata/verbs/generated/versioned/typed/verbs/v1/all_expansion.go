package v1

// AllExpansion is written by hand.
type AllExpansion interface {
	Answer() int
}

// Answer is a method written by hand.
func (c *alls) Answer() int { return 42 }
