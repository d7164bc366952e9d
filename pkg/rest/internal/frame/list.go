package frame

import "errors"

// ErrNotAList says that a body is no list, or not in the encoding that it should be in. It does not repeat what is there.
var ErrNotAList = errors.New("it is not a list in the encoding that its content type names")

// List cuts the body of a list into its items and the rest. Like a Reader, it holds one item at a time in one buffer, which
// grows with the bytes that have arrived. It is not safe for concurrent use.
//
// Errors are final: io.EOF at the end of the body if all of it is a list, io.ErrUnexpectedEOF at an end within the list,
// ErrTooLarge for an item that is larger than the limit, and for a rest that is, ErrNotAList, or whatever reading led to.
type List interface {
	// Open reads as far as the items, if it can be seen where they are, and returns what Next would if there are none. It
	// comes before Next.
	Open() error
	// Next blocks until a whole item is there and returns its encoding. It is valid until the next call. Whether it makes
	// sense is left to its decoder.
	Next() ([]byte, error)
	// Rest returns the list without its items, as far as it was read, as a list in the same encoding. It is empty if the
	// body is. A JSON list has "items" here, empty, if it has been read that it has items.
	Rest() []byte
	// KeepItems leaves the items that are still to come in the rest, for a body that is no list.
	KeepItems()
}
