// Package applytarget finds out which object a configuration for server-side apply is for. Typed clients and their fakes ask
// it, so that both refuse the same configurations with the same words.
package applytarget

import "errors"

// Name returns the name of the object that a configuration, a pointer, is to be applied to: the name in it, or for a
// subresource the given one. It is an error if the configuration is nil or there is no name.
func Name[C comparable](configuration C, name, subresource string) (string, error) {
	if configuration == *new(C) {
		return "", errors.New("configuration provided to Apply must not be nil")
	}
	if subresource == "" {
		name = In(configuration)
	}
	if name == "" {
		return "", errors.New("configuration.Name must be provided to Apply")
	}
	return name, nil
}

// In returns the name in a configuration, "" if it has none.
func In[C comparable](configuration C) string {
	if named, ok := any(configuration).(interface{ GetName() *string }); ok && configuration != *new(C) {
		if name := named.GetName(); name != nil {
			return *name
		}
	}
	return ""
}
