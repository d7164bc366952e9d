// Package frame reads and writes the frames of a watch from outside, where only bytes pass: a frame is one event as it
// goes over the wire.
//
//	media type                            a frame is
//	application/json                      one JSON value, and the white space behind it
//	application/vnd.kubernetes.protobuf   four bytes of length, big-endian, and a WatchEvent message
//	application/cbor-seq                  one CBOR item
//
//	bytes ─▶ Splitter ─▶ frame ─▶ Decode ─▶ metav1.WatchEvent ─▶ Object ─▶ kind and metadata
//	                     frame ◀─ Encode ◀─ metav1.WatchEvent ◀─ Bytes  ◀─ an object of package metav1
package frame
