// +k8s:deepcopy-gen=package
// +groupName=deck-hand.hyphen.example
// +groupGoName=DeckHand

// Package v1 has a group with a hyphen in its first label.
package v1
