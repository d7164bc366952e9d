// Command kubewright generates typed clients, informers and more for the Kubernetes API types of a module, in one pass.
package main

import (
	"os"

	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
)

func main() {
	program := cli.Program{
		Name: "kubewright",
		Does: "generates typed clients and what belongs to them for Kubernetes API types.",
		Commands: []*cli.Command{
			generateCommand(os.Stdout, os.Stderr),
			initCommand(os.Stdout),
			listCommand(os.Stdout),
			explainCommand(os.Stdout),
			migrateCommand(os.Stdout, os.Stderr),
			versionCommand(os.Stdout),
		},
	}
	program.Main()
}
