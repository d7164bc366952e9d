// Package shared has no kinds: other packages embed its types and use them.
package shared

// Common is embedded by types of other packages.
type Common struct {
	// Owner is hidden by a field of the same name.
	Owner string `json:"owner"`
	// Team comes from package shared.
	Team string `json:"team"`
	// Contact is used as it is.
	Contact Contact `json:"contact,omitempty"`
}

// Contact is a part of Common.
type Contact struct {
	Mail string `json:"mail,omitempty"`
}

// Level is a name for a string.
type Level string
