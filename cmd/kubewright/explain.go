package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen"
	"github.com/kubewright/kubewright/cmd/internal/codegen/cli"
	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

func explainCommand(stdout io.Writer) *cli.Command {
	return &cli.Command{
		Name:  "kubewright explain",
		Usage: "[tag]...",
		Does:  "explains comment tags: how they are written, what they do, an example. Without an argument, it lists them.",
		Flags: newFlags(),
		Run: func(_ context.Context, args []string) error {
			if len(args) == 0 {
				return listTags(stdout)
			}
			for i, arg := range args {
				doc, err := findTag(arg)
				if err != nil {
					return err
				}
				if i > 0 {
					fmt.Fprintln(stdout)
				}
				if err := explainTag(stdout, doc); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// findTag returns the explanation of a tag, which may be written with "+" and a value.
func findTag(tag string) (tagDoc, error) {
	key, _, _ := strings.Cut(strings.TrimPrefix(tag, "+"), "=")
	keys := make([]string, len(tagDocs))
	for i, doc := range tagDocs {
		if doc.Key == key {
			return doc, nil
		}
		keys[i] = doc.Key
	}
	problem := diag.Problem{Message: fmt.Sprintf("there is no tag +%s", key), Cure: "kubewright explain lists all tags"}
	if near := diag.Nearest(key, keys...); near != "" {
		problem.DidYouMean("+" + near)
	}
	return tagDoc{}, codegen.UsageErrorf("%s", problem.Text())
}

func explainTag(w io.Writer, doc tagDoc) error {
	indented := "    " + strings.ReplaceAll(doc.Example, "\n", "\n    ")
	_, err := fmt.Fprintf(w, "%s\n\n%s\n\nIt stands %s.\n\n%s\n", doc.Syntax, doc.Does, doc.Place, indented)
	return err
}

// listTags prints the syntax of each tag and the first sentence about it.
func listTags(w io.Writer) error {
	for _, doc := range tagDocs {
		does, _, _ := strings.Cut(strings.ReplaceAll(doc.Does, "\n", " "), ". ")
		if _, err := fmt.Fprintf(w, "+%s\n    %s.\n", doc.Key, strings.TrimSuffix(does, ".")); err != nil {
			return err
		}
	}
	return nil
}
