// Package text makes the strings of decoded objects, with little memory.
//
//	bytes of a document ──▶ Maker ─── seen before? ──▶ Shared ── yes ──▶ the string that is there already
//	                          └─────────────────────────────── no ───▶ a copy, in a block with its neighbors
//
// The objects of a collection repeat the same strings: names of labels, namespaces, images, nodes, reasons. Strings cannot be
// changed, so that nobody can tell whether two equal ones are one. What can be changed, slices and maps, is never shared.
//
// Parts of a block become strings through unsafe.String. No byte of it is written twice.
package text
