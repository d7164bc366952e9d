package v1

// AllListerExpansion is written by hand.
type AllListerExpansion interface{}

// AllNamespaceListerExpansion is written by hand.
type AllNamespaceListerExpansion interface{}
