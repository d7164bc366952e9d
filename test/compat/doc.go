// Package compat compares this project with client-go: the same input to both, the same result, or an error on both sides.
// It is a module of its own, the only one besides its neighbours in test/ that imports client-go.
//
// What differs on purpose is in tables, with the reason. A difference that is in no table fails the tests, and so does an
// entry of a table that is no difference any more.
package compat
