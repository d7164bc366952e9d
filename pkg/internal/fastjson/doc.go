// Package fastjson decodes JSON into the Go types of an API in one pass, and leaves to another decoder whatever is not usual.
//
//	type ──once──▶ plan: one function for each type within it, by offset
//	                 │
//	JSON ──▶ decoder ┴──▶ value, and true
//	             └──────▶ zero value, and false: let sigs.k8s.io/json say what is wrong, or do it
//
// What it decodes is what sigs.k8s.io/json's UnmarshalCaseSensitivePreserveInts, the decoder of apimachinery, would have
// decoded; the tests compare the two. So it need not know the errors of that, nor its corners: a target that has something in
// it already, a field that occurs twice, an escape in a field's name, invalid UTF-8, an integer with an exponent, very deep
// nesting, and everything that is an error, are not done here. What is rare but not the whole document, such as an embedded
// pointer or a type with UnmarshalText, is handed over alone.
//
// Where the time goes that is saved: the document is not checked before it is decoded, fields are found by the order in which
// they are expected, slices are allocated once at their size, and strings are made by package text.
//
// Memory is written through unsafe.Pointer, by the offsets and types that package reflect reports; the tests run with
// checkptr, which is part of the race detector.
package fastjson
