package helpers

import (
	"go/token"
	"regexp"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// inMessage are the parts of a generator's message that say where to look.
var inMessage = struct{ tag, place *regexp.Regexp }{
	tag:   regexp.MustCompile(`k8s:[a-z-]+(:[a-z-]+)?`),
	place: regexp.MustCompile(`^(Package|Type|package|type) "?([^ :"]+)"?: `),
}

// report makes a problem of what a generator could not do, at the tag that the message is about, or the type, or else the
// package.
func (r *run) report(g Generator, f failure, problems *diag.Problems) {
	message := f.message
	path := f.packagePath
	if match := inMessage.place.FindStringSubmatch(message); match != nil {
		message = strings.TrimPrefix(message, match[0])
		if strings.EqualFold(match[1], "package") {
			path = match[2]
		}
	}
	key := inMessage.tag.FindString(message)
	var pos token.Position
	for _, p := range r.world.Inputs {
		if p.Path != path {
			continue
		}
		pos = packagePosition(r.world.Fset, p, key)
		if f.at == nil {
			break
		}
		name, _, _ := strings.Cut(f.at.Name.Name, "[") // without type parameters
		for _, decl := range typeDecls(p) {
			if decl.spec.Name.Name != name {
				continue
			}
			message = "type " + name + ": " + message
			if tag, ok := decl.tag(key); ok {
				pos = tag.Pos
			} else {
				pos = r.world.Fset.Position(decl.spec.Name.Pos())
			}
		}
	}
	if pos.Filename == "" && path != "" {
		message = "package " + path + ": " + message
	}
	problems.Errorf(pos, diag.GeneratorFailed, "%s: %s", g, strings.TrimSpace(message))
}

// packagePosition returns the place of a package's tag, or of a package clause if there is no such tag.
func packagePosition(fset *token.FileSet, p *universe.Package, key string) (pos token.Position) {
	for _, f := range p.Files {
		for _, group := range f.Syntax.Comments {
			for _, tag := range f.Tags(group) {
				if key != "" && tag.Key == key {
					return tag.Pos
				}
			}
		}
		if pos.Filename == "" || f.IsDoc() {
			pos = fset.Position(f.Syntax.Package)
		}
	}
	return pos
}
