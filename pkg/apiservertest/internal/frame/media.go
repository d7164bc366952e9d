package frame

import (
	"mime"
)

// Media is how the events of a watch are written.
type Media string

// The media types that watches have.
const (
	JSON     Media = "JSON"
	Protobuf Media = "protobuf"
	CBOR     Media = "CBOR"
)

// MediaOf returns what a content type stands for, whatever its parameters; false if that is none that watches have.
func MediaOf(contentType string) (Media, bool) {
	base, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", false
	}
	switch base {
	case "application/json":
		return JSON, true
	case "application/vnd.kubernetes.protobuf":
		return Protobuf, true
	case "application/cbor-seq", "application/cbor":
		return CBOR, true
	}
	return "", false
}
