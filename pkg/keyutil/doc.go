// Package keyutil makes, reads and writes private and public keys in PEM form.
package keyutil
