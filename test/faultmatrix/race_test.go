//go:build race

package faultmatrix

// race says that the race detector is on.
const race = true
