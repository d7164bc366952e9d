package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// Program is a command line of several commands.
type Program struct {
	// Name is the name of the program, and Does what it does.
	Name, Does string
	// Commands are in the order of the help. Their names are that of the program and a word: "kubewright generate".
	Commands []*Command
}

// Main runs the program with the arguments of the process, and ends the process.
func (p *Program) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := p.Execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Execute runs the command that the first argument names and returns the exit code. "help", alone or before or behind the
// name of a command, prints help to standard output.
func (p *Program) Execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := stderr
	var word string
	if len(args) > 0 {
		word, args = args[0], args[1:]
	}
	switch word {
	case "":
		p.help(stderr)
		return exitUsage
	case "help", "-h", "--help":
		if len(args) == 0 {
			p.help(stdout)
			return exitDone
		}
		word, args = args[0], []string{"--help"}
		out = stdout
	}
	for _, command := range p.Commands {
		if command.Name == p.Name+" "+word {
			return command.Execute(ctx, args, out)
		}
	}
	problem := diag.Problem{Message: fmt.Sprintf("there is no command %q", word)}
	problem.Suggest(word, "commands are", p.words())
	fmt.Fprintf(stderr, "%s: %s\nRun %s help for its commands.\n", p.Name, problem.Text(), p.Name)
	return exitUsage
}

func (p *Program) words() []string {
	words := make([]string, len(p.Commands))
	for i, command := range p.Commands {
		words[i] = strings.TrimPrefix(command.Name, p.Name+" ")
	}
	return words
}

func (p *Program) help(w io.Writer) {
	fmt.Fprintf(w, "%s %s\n\nUsage: %s <command> [flags]\n\n", p.Name, p.Does, p.Name)
	width := len(slices.MaxFunc(p.words(), func(a, b string) int { return len(a) - len(b) }))
	for i, word := range p.words() {
		fmt.Fprintf(w, "  %-*s  %s\n", width, word, p.Commands[i].Does)
	}
	fmt.Fprintf(w, "\nRun %s help <command> for the flags of a command.\n", p.Name)
}
