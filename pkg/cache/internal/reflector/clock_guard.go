package reflector

import (
	"fmt"
	"sync"
	"time"
)

const (
	// clockLook is how often the clocks are compared.
	clockLook = time.Minute
	// maxClockJump is how much they may differ by then.
	maxClockJump = time.Minute
)

// clockGuard compares the wall clock with the monotonic one, as long as a watch is open. While a machine sleeps the wall
// clock goes on and the monotonic one, with all timers and deadlines, stands still: nobody can tell how long ago the
// other side has given up the connection.
type clockGuard struct {
	wall   func() time.Time
	jumped func(error) // called without mu

	mu       sync.Mutex  // guards what follows
	timer    *time.Timer // nil after stop
	lastWall time.Time
	last     time.Time // monotonic
}

// guardClock calls jumped each time when the clock has jumped, in a goroutine of its own, until stop.
func guardClock(wall func() time.Time, jumped func(error)) *clockGuard {
	g := &clockGuard{wall: wall, jumped: jumped, lastWall: wall(), last: time.Now()}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = time.AfterFunc(clockLook, g.look)
	return g
}

func (g *clockGuard) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
}

// look compares the clocks and comes again.
func (g *clockGuard) look() {
	if by, passed, jumped := g.compare(); jumped {
		g.jumped(fmt.Errorf("%w by %v while %v passed", ErrClockJumped, by.Round(time.Second), passed.Round(time.Second)))
	}
}

func (g *clockGuard) compare() (by, passed time.Duration, jumped bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer == nil {
		return 0, 0, false
	}
	wall, now := g.wall(), time.Now()
	passed = now.Sub(g.last)
	by = wall.Sub(g.lastWall) - passed
	g.lastWall, g.last = wall, now
	g.timer.Reset(clockLook)
	return by, passed, by.Abs() > maxClockJump
}
