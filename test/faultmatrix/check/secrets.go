package check

import "strings"

// Canary is in all that is secret: tokens, and the content of objects.
const Canary = "canary-"

// checkSecrets wants that nothing secret is in errors, panics and logs (I12).
func (i *Informer) checkSecrets() []Violation {
	r := report{where: i.Name}
	for _, h := range i.Heard {
		if text := h.Err.Error(); strings.Contains(text, Canary) {
			r.add("I12", "an error tells a secret: %s", text)
		}
	}
	for _, line := range i.Logged {
		if strings.Contains(line, Canary) {
			r.add("I12", "the log tells a secret: %s", line)
		}
	}
	return r.found
}
