// Package fastproto decodes protobuf into the Go types of an API in one pass, and leaves to their own methods whatever is not
// usual.
//
//	type ──once──▶ plan: one function for each field, by its number in the tag `protobuf:"bytes,1,opt,name=..."`
//	                 │
//	bytes ──▶ decoder ┴──▶ value, and true
//	             └───────▶ zero value, and false: let the Unmarshal of the type say what is wrong, or do it
//
// What it decodes is what the generated Unmarshal would have decoded; the tests compare the two. So it need not know the errors
// of that, nor its corners: a field that occurs twice, or before one with a lower number, packed lists, groups, very deep
// nesting, and everything that is an error, are not done here. Types whose Unmarshal was written by hand, as those of
// quantities and times, and what the tags do not explain, are handed over alone.
//
// What it saves: slices are allocated once at their size, as the elements are counted before, and strings are made by package
// text.
//
// Memory is written through unsafe.Pointer, by the offsets and types that package reflect reports; the tests run with
// checkptr, which is part of the race detector.
package fastproto
