package fake

// Answer is a method written by hand.
func (c *fakeAlls) Answer() int { return 43 }
