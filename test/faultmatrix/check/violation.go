package check

import (
	"cmp"
	"fmt"
	"slices"
)

// Violation is something that must not be.
type Violation struct {
	// Invariant is that of the fault matrix, such as "I4", or "row" for what only one row demands.
	Invariant string
	Where     string // which informer, handler and key
	What      string
}

func (v Violation) String() string {
	if v.Where == "" {
		return v.Invariant + ": " + v.What
	}
	return v.Invariant + " " + v.Where + ": " + v.What
}

// report collects violations of one place.
type report struct {
	where string
	found []Violation
}

func (r *report) add(invariant, format string, args ...any) {
	r.found = append(r.found, Violation{Invariant: invariant, Where: r.where, What: fmt.Sprintf(format, args...)})
}

// Check returns all violations, those of the same invariant together.
func (r *Run) Check() []Violation {
	all := r.checkServer()
	all = append(all, r.checkEnd()...)
	for _, i := range r.Informers {
		view := r.History.View(i.Selects, i.Transform)
		all = append(all, i.CheckCache(r.Server)...)
		all = append(all, i.checkSynced(view)...)
		all = append(all, i.checkSnapshots(view)...)
		all = append(all, i.checkRequests()...)
		all = append(all, i.checkStop()...)
		all = append(all, i.checkHeard()...)
		all = append(all, i.checkSecrets()...)
		for _, h := range i.Handlers {
			where := i.Name + " " + h.Name
			all = append(all, h.checkGrammar(where)...)
			all = append(all, h.checkOrder(where, view)...)
			all = append(all, h.checkSync(where)...)
			if h.Until == End {
				all = append(all, h.checkLast(where, i.selected(r.Server))...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Violation) int { return cmp.Compare(a.Invariant, b.Invariant) })
	return all
}
