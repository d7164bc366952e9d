package main

import (
	"context"
	"encoding/json"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
	"github.com/kubewright/kubewright/cmd/internal/codegen/report"
)

// kind is one kind as list shows it.
type kind struct {
	// Group is "" for the legacy core group.
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
	// Resource is the name in URLs.
	Resource   string `json:"resource"`
	Namespaced bool   `json:"namespaced"`
	// Verbs are those of the client, and Subresources those that it can reach by methods of their own.
	Verbs        []string `json:"verbs"`
	Subresources []string `json:"subresources"`
	// Package is the import path of the Go type, and File and Line the place of its declaration.
	Package string `json:"package"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// kinds returns the kinds of a model, group by group.
func kinds(api *model.API) []kind {
	list := []kind{}
	for _, version := range api.Versions() {
		for _, typ := range version.Types {
			list = append(list, kind{
				Group:        version.Group.Name,
				Version:      version.Name,
				Kind:         typ.Kind,
				Resource:     typ.Resource,
				Namespaced:   typ.Namespaced,
				Verbs:        orEmpty(typ.Verbs()),
				Subresources: orEmpty(typ.Subresources()),
				Package:      version.Path,
				File:         filepath.ToSlash(typ.Pos().Filename),
				Line:         typ.Pos().Line,
			})
		}
	}
	return list
}

// orEmpty makes nil an empty list, which JSON shows as one.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func listCommand(stdout io.Writer) *cli.Command {
	var project codegen.Project
	flags := newFlags()
	projectFlags(flags, &project)
	flags.VisitAll(func(flag *pflag.Flag) { flag.Hidden = flag.Name != "plural-exceptions" })
	config := flags.String("config", "", "file with settings, as for generate")
	format := flags.String("format", string(report.Text), "text or json")
	return &cli.Command{
		Name:  "kubewright list",
		Usage: "[flags] [package pattern]...",
		Does:  "shows the kinds that clients are generated for: group, version, resource, scope, verbs, subresources, file.",
		Flags: flags,
		Run: func(ctx context.Context, args []string) error {
			if !slices.Contains([]string{string(report.Text), string(report.JSON)}, *format) {
				return codegen.UsageErrorf("--format=%s: there is no such format (formats are text, json)", *format)
			}
			if err := settle(&project, flags, *config, args); err != nil {
				return err
			}
			run, err := project.Run()
			if err != nil {
				return err
			}
			api, err := run.Model(ctx)
			if err != nil {
				return err
			}
			if report.Format(*format) == report.JSON {
				encoder := json.NewEncoder(stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(map[string]any{"kinds": kinds(api)})
			}
			return writeKinds(stdout, kinds(api))
		},
	}
}

// writeKinds prints a table.
func writeKinds(w io.Writer, kinds []kind) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tVERSION\tKIND\tRESOURCE\tSCOPE\tVERBS\tSUBRESOURCES\tDECLARED")
	for _, k := range kinds {
		group, scope := k.Group, "Cluster"
		if group == "" {
			group = "core"
		}
		if k.Namespaced {
			scope = "Namespaced"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", group, k.Version, k.Kind, k.Resource, scope,
			orDash(k.Verbs), orDash(k.Subresources), token.Position{Filename: k.File, Line: k.Line})
	}
	return table.Flush()
}

func orDash(words []string) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, ",")
}
