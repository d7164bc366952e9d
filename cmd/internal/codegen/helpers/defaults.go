package helpers

import (
	"encoding/json"
	"go/ast"
	"go/token"
	gotypes "go/types"
	"reflect"
	"regexp"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// defaultReference is the value of a tag +default that names a constant or variable, with or without a package.
var defaultReference = regexp.MustCompile(`^ref\((?:(.+)\.)?([^.]+)\)$`)

// defaultTags calls yield with the tags +default of each type and field of a package, and the place of its name.
func defaultTags(p *universe.Package, yield func(token.Pos, []universe.Tag)) {
	for _, f := range p.Files {
		if f.Generated {
			continue
		}
		ast.Inspect(f.Syntax, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.TypeSpec:
				yield(node.Name.Pos(), f.TagsDirectlyAbove(node.Name.Pos(), "default"))
			case *ast.Field:
				yield(node.Pos(), f.TagsDirectlyAbove(node.Pos(), "default"))
			}
			return true
		})
	}
}

// defaultMentions returns the names of other packages that the defaults of a package refer to.
func defaultMentions(p *universe.Package) []universe.Mention {
	var mentions []universe.Mention
	defaultTags(p, func(_ token.Pos, tags []universe.Tag) {
		for _, tag := range tags {
			if match := defaultReference.FindStringSubmatch(tag.Value); match != nil && match[1] != "" {
				mentions = append(mentions, universe.Mention{Pattern: match[1], Name: match[2], Pos: tag.Pos})
			}
		}
	})
	return mentions
}

// checkDefaults checks the tags +default, about which defaulter-gen says neither field nor type, or nothing, so that its code
// does not compile.
func (r *run) checkDefaults(problems *diag.Problems) {
	for _, p := range r.world.Inputs {
		types := typesByPlace(p)
		defaultTags(p, func(pos token.Pos, tags []universe.Tag) {
			for i, tag := range tags {
				switch match := defaultReference.FindStringSubmatch(tag.Value); {
				case i > 0:
					problems.Errorf(tag.Pos, diag.DefaultValue, "there is a +default above, at %s", tags[0].Pos).Fix("keep one of them")
				case match == nil && !json.Valid([]byte(tag.Value)):
					problems.Errorf(tag.Pos, diag.DefaultValue, "+default=%s is neither JSON nor ref(name)", tag.Value).Fix("write strings in quotes, as in +default=\"text\"")
				case match != nil && match[1] == "" && !slices.ContainsFunc(p.Files, func(f *universe.File) bool { return declares(f, match[2]) }):
					problems.Errorf(tag.Pos, diag.DefaultValue, "+default=%s names nothing that package %s declares", tag.Value, p.Name).Fix("declare a constant or variable of that name, or write ref(import/path.Name)")
				case match == nil:
					wanted := like(types[pos])
					if json.Unmarshal([]byte(tag.Value), reflect.New(wanted).Interface()) != nil {
						problems.Errorf(tag.Pos, diag.DefaultValue, "+default=%s is not a value of type %s", tag.Value, gotypes.TypeString(types[pos], (*gotypes.Package).Name)).Fix("write %s", inJSON(wanted))
					}
				}
			}
		})
	}
}
