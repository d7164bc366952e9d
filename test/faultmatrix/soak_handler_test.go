package faultmatrix

import (
	"fmt"
	"strconv"
	"sync"

	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// soakHandler checks what it is told while it is told, and keeps the last object of each key only: grammar, order of versions.
type soakHandler struct {
	mu     sync.Mutex // guards what follows
	last   check.Objects
	wrongs []string
}

func (h *soakHandler) wrong(format string, args ...any) {
	if len(h.wrongs) < 10 {
		h.wrongs = append(h.wrongs, fmt.Sprintf(format, args...))
	}
}

func (h *soakHandler) OnAdd(obj any, _ bool) {
	o := obj.(check.Object)
	h.mu.Lock()
	defer h.mu.Unlock()
	if before := h.last[rig.Key(o)]; before != nil {
		h.wrong("I5: %s is added at %s, and was there at %s", rig.Key(o), o.GetResourceVersion(), before.GetResourceVersion())
	}
	h.last[rig.Key(o)] = o
}

func (h *soakHandler) OnUpdate(oldObj, newObj any) {
	before, o := oldObj.(check.Object), newObj.(check.Object)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last[rig.Key(o)] != before {
		h.wrong("I5: %s is updated at %s from an object that was not told before", rig.Key(o), o.GetResourceVersion())
	}
	if number(o) < number(before) {
		h.wrong("I2: %s goes from version %s to %s", rig.Key(o), before.GetResourceVersion(), o.GetResourceVersion())
	}
	h.last[rig.Key(o)] = o
}

func (h *soakHandler) OnDelete(obj any) {
	unknown, isUnknown := obj.(cache.DeletedFinalStateUnknown)
	if isUnknown {
		obj = unknown.Obj
	}
	o := obj.(check.Object)
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.last[rig.Key(o)]
	switch {
	case before == nil:
		h.wrong("I5: %s is deleted, and was not there", rig.Key(o))
	case isUnknown && before != o, !isUnknown && number(o) <= number(before):
		h.wrong("I4: %s is deleted with version %s after version %s", rig.Key(o), o.GetResourceVersion(), before.GetResourceVersion())
	}
	delete(h.last, rig.Key(o))
}

func number(o check.Object) int64 {
	n, _ := strconv.ParseInt(o.GetResourceVersion(), 10, 64)
	return n
}

// knows says whether the last that was told of each object is what the server has.
func (h *soakHandler) knows(server check.Objects) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, o := range server {
		if last := h.last[key]; last == nil || last.GetResourceVersion() != o.GetResourceVersion() || last.GetUID() != o.GetUID() {
			return false
		}
	}
	return len(h.last) == len(server)
}

func (h *soakHandler) takeWrongs() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	wrongs := h.wrongs
	h.wrongs = nil
	return wrongs
}
