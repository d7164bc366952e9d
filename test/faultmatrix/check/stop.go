package check

import "time"

// Stop is how an informer ended.
type Stop struct {
	Asked, Ended time.Time
	// Within is how long it may take.
	Within time.Duration
	// Stopped is what IsStopped said afterwards.
	Stopped bool
}

// checkStop wants that an informer ends at once when its context does (I11).
func (i *Informer) checkStop() []Violation {
	r := report{where: i.Name}
	if i.Stop == nil {
		return nil
	}
	if took := i.Stop.Ended.Sub(i.Stop.Asked); took > i.Stop.Within {
		r.add("I11", "it took %v to stop, at most %v is allowed", took, i.Stop.Within)
	}
	if !i.Stop.Stopped {
		r.add("I11", "IsStopped is false after the end")
	}
	return r.found
}

// checkEnd wants that nothing is left (I8), and that nothing has panicked (I13).
func (r *Run) checkEnd() []Violation {
	var end report
	for _, l := range r.Left {
		end.add("I8", "%s is left", l)
	}
	for _, p := range r.Panics {
		end.add("I13", "panic: %s", p)
	}
	return end.found
}
