// Package cert reads and writes certificates in PEM form, makes self-signed ones and certificate requests, and looks at what
// servers present.
package cert
