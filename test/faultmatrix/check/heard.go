package check

import (
	"slices"
	"time"
)

// Heard is an error that an informer told.
type Heard struct {
	At  time.Time
	Err error
}

// Trouble is something that an informer must not keep to itself.
type Trouble struct {
	What   string
	From   time.Time
	Within time.Duration
}

// Among says whether one of the errors told of the trouble in time.
func (t Trouble) Among(errs []Heard) bool {
	return slices.ContainsFunc(errs, func(h Heard) bool {
		after := h.At.Sub(t.From)
		return after >= 0 && after <= t.Within
	})
}

// checkHeard wants that somebody hears of each trouble in time (I14).
func (i *Informer) checkHeard() []Violation {
	r := report{where: i.Name}
	for _, t := range i.Troubles {
		if !t.Among(i.Heard) {
			r.add("I14", "%s: no error was told within %v", t.What, t.Within)
		}
	}
	return r.found
}
