package exec

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// terminal is taken by the interactive plugin that runs: two that read from it at the same time would each get a part of
// what is typed. A process has one standard input, and so this is one per process.
var terminal = make(chan struct{}, 1)

// takeTerminal waits until no other plugin uses the terminal. What it returns gives the terminal back.
func takeTerminal(ctx context.Context) (release func(), err error) {
	select {
	case terminal <- struct{}{}:
		return func() { <-terminal }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for another exec plugin to leave the terminal: %w", context.Cause(ctx))
	}
}

func stdinIsTerminal() bool { return term.IsTerminal(int(os.Stdin.Fd())) }

// interactive reports whether the plugin is to get standard input.
func (p *plugin) interactive() (bool, error) {
	switch p.config.InteractiveMode {
	case api.NeverExecInteractiveMode:
		return false, nil
	case api.IfAvailableExecInteractiveMode:
		return !p.config.StdinUnavailable && p.isTerminal(), nil
	}
	var reason string
	switch {
	case p.config.StdinUnavailable && p.config.StdinUnavailableMessage != "":
		reason = "which is not available: " + printable(p.config.StdinUnavailableMessage, maxHintBytes)
	case p.config.StdinUnavailable:
		reason = "which this program does not give away"
	case !p.isTerminal():
		reason = "which is no terminal"
	default:
		return true, nil
	}
	return false, fmt.Errorf("exec plugin %q needs standard input (interactiveMode %s), %s", p.config.Command, p.config.InteractiveMode, reason)
}

// checkInteractiveMode sets the default mode, which only v1beta1 has.
func checkInteractiveMode(config *api.ExecConfig) error {
	switch config.InteractiveMode {
	case api.NeverExecInteractiveMode, api.IfAvailableExecInteractiveMode, api.AlwaysExecInteractiveMode:
		return nil
	case "":
		if config.APIVersion == v1beta1Version {
			config.InteractiveMode = api.IfAvailableExecInteractiveMode
			return nil
		}
		return fmt.Errorf("exec plugin %q: interactiveMode must be set with apiVersion %q: to %s, %s or %s", config.Command, config.APIVersion,
			api.NeverExecInteractiveMode, api.IfAvailableExecInteractiveMode, api.AlwaysExecInteractiveMode)
	}
	return fmt.Errorf("exec plugin %q: unknown interactiveMode %q: want %s, %s or %s", config.Command, config.InteractiveMode,
		api.NeverExecInteractiveMode, api.IfAvailableExecInteractiveMode, api.AlwaysExecInteractiveMode)
}
