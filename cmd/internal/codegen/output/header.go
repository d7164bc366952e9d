package output

import (
	"bytes"
	"regexp"
	"slices"
)

var (
	generatedLine = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.\r?$`)
	packageClause = regexp.MustCompile(`(?m)^package `)
)

// IsGenerated reports whether the content of a Go file says that some tool made it (https://go.dev/s/generatedcode).
func IsGenerated(content []byte) bool {
	return generatedLine.Match(beforePackage(content))
}

// HasHeader reports whether one of the headers is a line of the file before its package clause.
func HasHeader(content []byte, headers ...string) bool {
	for line := range bytes.Lines(beforePackage(content)) {
		if slices.Contains(headers, string(bytes.TrimRight(line, "\r\n"))) {
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
