package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// progress shows what a run is doing in one line that changes. It is not safe for concurrent use.
type progress struct {
	w     io.Writer // nil shows nothing
	shown bool
}

// newProgress returns a progress line on a terminal. Anywhere else, and in the logs of CI systems, it shows nothing.
func newProgress(w io.Writer) *progress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	return &progress{w: w}
}

// step replaces the line.
func (p *progress) step(text string) {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%s ...", text)
		p.shown = true
	}
}

// clear removes the line, so that something else can be printed.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// done replaces the line by one that stays.
func (p *progress) done(format string, args ...any) {
	p.clear()
	if p.w != nil {
		fmt.Fprintf(p.w, format+"\n", args...)
	}
}
