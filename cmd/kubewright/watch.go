package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
	"github.com/kubewright/kubewright/cmd/internal/codegen/watch"
)

// watchInterval is how often files are looked at. A change is acted upon when they stay the same for as long.
const watchInterval = 300 * time.Millisecond

// watchFiles generates until the context ends, and prints a line about each run. Problems do not end it; settings that make
// no sense from the start do.
func (g *generate) watchFiles(ctx context.Context, args []string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g.noCache = true // what the cache spares, a watcher needs: to know which files matter
	var places snapshot.Places
	first := true
	watcher := watch.Watcher{Interval: watchInterval, Run: func(ctx context.Context) (snapshot.Places, []string) {
		o, err := g.once(ctx, args)
		var written []string
		switch {
		case ctx.Err() != nil:
			return places, nil
		case o.plan != nil:
			places, written = o.plan.Places, o.plan.Written()
		case !first: // look where the last run looked
		case o.run != nil:
			places = o.run.Places()
		default:
			stop(err)
			return places, nil
		}
		first = false
		g.tell(o, err)
		withSettings := places
		withSettings.Files = append(slices.Clone(places.Files), g.settingsPlace())
		return withSettings, written
	}}
	if err := watcher.Watch(ctx); err != nil {
		return err
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// settingsPlace returns the name of the settings file, which need not be there.
func (g *generate) settingsPlace() string {
	name := g.config
	if name == "" {
		var err error
		if name, err = findSettings(); err != nil || name == "" {
			name = settingsFile
		}
	}
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}

// tell prints what became of a run.
func (g *generate) tell(o *outcome, err error) {
	var usage *codegen.UsageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(g.stderr, "kubewright generate: %v\n", err)
	case err != nil && !errors.Is(err, cli.ErrReported):
		fmt.Fprintln(g.stderr, err)
	}
	if err != nil {
		fmt.Fprintln(g.stderr, "nothing was written; waiting for changes")
	} else {
		fmt.Fprintf(g.stderr, "%d files, %d changed; waiting for changes\n", o.plan.Size(), len(o.plan.Changes))
	}
}
