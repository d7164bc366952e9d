package output

import (
	"bytes"
	"regexp"
)

var (
	generatedLine = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.\r?$`)
	packageClause = regexp.MustCompile(`(?m)^package `)
)

// IsGenerated reports whether the content of a Go file says that some tool made it (https://go.dev/s/generatedcode).
func IsGenerated(content []byte) bool {
	return generatedLine.Match(beforePackage(content))
}

// hasHeader reports whether the header is a line of the file before its package clause.
func hasHeader(content []byte, header string) bool {
	for line := range bytes.Lines(beforePackage(content)) {
		if string(bytes.TrimRight(line, "\r\n")) == header {
			return true
		}
	}
	return false
}

func beforePackage(content []byte) []byte {
	if at := packageClause.FindIndex(content); at != nil {
		return content[:at[0]]
	}
	return content
}
